// SPDX-License-Identifier: MIT
namespace Reaplab.Trials;

/// <summary>manifest.json: where the numbers of a run come from. Rewritten after every block.</summary>
public sealed record RunManifest
{
    /// <summary>Version of this file's form; grows when a member changes meaning.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The run's identity: YYYYMMDD-HHMMSS-PLAN-HASH.</summary>
    public required string Run { get; init; }

    /// <summary>Name of the plan.</summary>
    public required string Plan { get; init; }

    /// <summary>SHA-256 of the expanded plan: the experiment's identity.</summary>
    public required string PlanHash { get; init; }

    /// <summary>Seed of the order of kernels, cells and trials.</summary>
    public required long Seed { get; init; }

    /// <summary>Blocks the plan asks for.</summary>
    public required int BlocksPlanned { get; init; }

    /// <summary>Equivalence margin the plan declares, as a ratio above 1: 1.10 means within 10 %.</summary>
    public required double Margin { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>End, UTC; null while the run goes on or after it was interrupted.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Version of the harness, with the commit and "-dirty" where the checkout had changes.</summary>
    public required string Harness { get; init; }

    /// <summary>Kernel source, e.g. 6.12.</summary>
    public required string Base { get; init; }

    /// <summary>kvm or tcg.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Why that accelerator.</summary>
    public required string AcceleratorReason { get; init; }

    /// <summary>Name of the SSH implementation used.</summary>
    public required string SshSession { get; init; }

    /// <summary>First line of <c>qemu-system-x86_64 --version</c>.</summary>
    public required string Qemu { get; init; }

    /// <summary>Hash of the guest image.</summary>
    public required string ImageHash { get; init; }

    /// <summary>Kernels of the run.</summary>
    public required IReadOnlyList<KernelManifest> Kernels { get; init; }

    /// <summary>Methods of the run.</summary>
    public required IReadOnlyList<MethodManifest> Methods { get; init; }

    /// <summary>Scenarios of the run, in the plan's order.</summary>
    public required IReadOnlyList<ScenarioManifest> Scenarios { get; init; }

    /// <summary>The host, without its name.</summary>
    public required IReadOnlyDictionary<string, string> Host { get; init; }

    /// <summary>Blocks done so far.</summary>
    public IReadOnlyList<BlockManifest> Blocks { get; init; } = [];
}
