// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;

namespace Reaplab.Analysis;

/// <summary>What became of a cell's trials.</summary>
public sealed record OutcomeCounts
{
    /// <summary>Trials in the statistics whose memory was freed within the limit.</summary>
    public required int Freed { get; init; }

    /// <summary>Trials in the statistics whose memory was still held at the limit.</summary>
    public required int NotFreed { get; init; }

    /// <summary>
    /// Trials in the statistics whose reaping call lost the race (ESRCH, EBUSY): they stay in the distribution, because
    /// losing it does not mean that memory is free.
    /// </summary>
    public required int Missed { get; init; }

    /// <summary>Trials in the statistics whose process was gone before the window closed.</summary>
    public required int Exited { get; init; }

    /// <summary>Rows of any kind in which the kernel under test crashed.</summary>
    public required int Crashed { get; init; }

    /// <summary>Rows of any kind in which the kernel under test stopped making progress.</summary>
    public required int Hung { get; init; }

    /// <summary>Rows whose condition was not reached; a pressure trial without direct reclaim is one.</summary>
    public required int BadSetup { get; init; }

    /// <summary>Rows lost to the host, QEMU or SSH.</summary>
    public required int Infrastructure { get; init; }

    /// <summary>Rows whose kernel lacks the call.</summary>
    public required int Unsupported { get; init; }

    /// <summary>Warm-up rows, which are kept and not counted.</summary>
    public required int WarmUp { get; init; }

    /// <summary>Kernel OOM kills seen in the windows of counted trials.</summary>
    public required long OomKills { get; init; }

    /// <summary>Trials in the statistics.</summary>
    public int Counted => Freed + NotFreed;

    /// <summary>Rate of trials whose memory was not freed.</summary>
    public Interval NotFreedRate => Wilson.ConfidenceInterval(NotFreed, Counted, AnalysisRules.Confidence);

    /// <summary>Rate of reaping calls that lost the race.</summary>
    public Interval MissedRate => Wilson.ConfidenceInterval(Missed, Counted, AnalysisRules.Confidence);
}
