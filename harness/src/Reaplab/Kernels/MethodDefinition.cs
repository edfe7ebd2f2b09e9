// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>A method an approach adds: what the killing side does differently on a kernel that has it.</summary>
public sealed class MethodDefinition
{
    /// <summary>Its name, known to the agent.</summary>
    public required Located<string> Name { get; init; }

    /// <summary>The method it is compared with on the same kernel; null for one that is itself the reference.</summary>
    public string? Reference { get; init; }

    /// <summary>One line for tables.</summary>
    public required string Summary { get; init; }
}
