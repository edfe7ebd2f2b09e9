// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>One of the selftests that a base's own source brings, below tools/testing/selftests.</summary>
public sealed class KernelSelftestDefinition
{
    /// <summary>The program, which is its source without ".c", e.g. mm/mrelease_test.</summary>
    public required Located<string> Program { get; init; }

    /// <summary>Sources linked with it, e.g. mm/vm_util.c.</summary>
    public IReadOnlyList<Located<string>> With { get; init; } = [];

    /// <summary>All sources.</summary>
    [YamlDotNet.Serialization.YamlIgnore]
    public IEnumerable<string> Sources => With.Select(source => source.Value).Prepend(Program.Value + ".c");
}
