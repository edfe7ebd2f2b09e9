// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Cost;

/// <summary>Where the numbers of a cost table come from.</summary>
public sealed record CostProvenance
{
    /// <summary>Version of the base's source.</summary>
    public required string SourceVersion { get; init; }

    /// <summary>What compiled the kernels.</summary>
    public required string Compiler { get; init; }

    /// <summary>How guests were run, and why.</summary>
    public required string Accelerator { get; init; }

    /// <summary>True where guests were emulated.</summary>
    public required bool IsEmulated { get; init; }

    /// <summary>The QEMU.</summary>
    public required string Qemu { get; init; }

    /// <summary>Version of the harness.</summary>
    public required string Harness { get; init; }

    /// <summary>Blocks that were run.</summary>
    public required int Blocks { get; init; }

    /// <summary>Seed of the orders.</summary>
    public required long Seed { get; init; }

    /// <summary>The command, as typed.</summary>
    public required string Command { get; init; }
}
