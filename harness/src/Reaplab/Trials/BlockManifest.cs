// SPDX-License-Identifier: MIT
namespace Reaplab.Trials;

/// <summary>A block as it was run, with the noise beside it.</summary>
public sealed record BlockManifest
{
    /// <summary>Number, from 1.</summary>
    public required int Block { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>End, UTC.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>Approaches in the order they were booted.</summary>
    public required IReadOnlyList<string> Order { get; init; }

    /// <summary>Times the block's boots were repeated for infrastructure reasons.</summary>
    public int InfrastructureRepeats { get; init; }

    /// <summary>Boot to first SSH command, milliseconds, per boot.</summary>
    public IReadOnlyList<double> BootMilliseconds { get; init; } = [];

    /// <summary>Harness time per trial beyond the guest's own, milliseconds, mean over the block.</summary>
    public double HarnessMillisecondsPerTrial { get; init; }

    /// <summary>Time QEMU's threads were runnable but waited for a host CPU, nanoseconds.</summary>
    public long RunDelayNs { get; init; }

    /// <summary>Other noise of the host: load, steal, PSI, before and after.</summary>
    public IReadOnlyDictionary<string, string> Noise { get; init; } = new Dictionary<string, string>();
}
