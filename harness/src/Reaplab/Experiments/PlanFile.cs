// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Experiments;

/// <summary>A plan as its YAML file says it; <see cref="PlanDefinition"/> is the checked form.</summary>
internal sealed class PlanFile
{
    public required Located<string> Name { get; init; }

    public required string Summary { get; init; }

    public required string Base { get; init; }

    public required Located<int> Blocks { get; init; }

    public required Located<int> Trials { get; init; }

    public required Located<double> Margin { get; init; }

    public required List<Group> Cells { get; init; }

    internal sealed class Group
    {
        public required List<Located<string>> Scenarios { get; init; }

        public required Dictionary<string, List<Located<string>>> Kernels { get; init; }

        public Located<int>? Trials { get; init; }

        public Located<int>? Unobserved { get; init; }

        public Located<int>? FirstBlocks { get; init; }
    }
}
