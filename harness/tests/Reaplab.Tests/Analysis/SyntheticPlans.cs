// SPDX-License-Identifier: MIT
using Line = Reaplab.Tests.Analysis.SyntheticRun.Line;

namespace Reaplab.Tests.Analysis;

/// <summary>Made-up plans with the effects that a real run is expected to show.</summary>
internal static class SyntheticPlans
{
    /// <summary>Every kind of cell that a report has to show.</summary>
    public static readonly IReadOnlyList<Line> Whole =
    [
        .. Proposals("idle", kill: 180, mrelease: 95, reap: 190, expedite: 100, exitFactor: 1.1, misses: 0.2),
        new("noop", "kill", "idle", 180, 200),
        new("pf-memalloc", "kill", "idle", 181, 200),
        .. Proposals("throttled", kill: 3900, mrelease: 150, reap: 140, expedite: 160, exitFactor: 26, misses: 0),
        .. Proposals("thp", kill: 9, mrelease: 8, reap: 9, expedite: 8.5, exitFactor: 1.2, misses: 0.9),
        .. Proposals("refill", kill: 185, mrelease: 99, reap: 195, expedite: 104, exitFactor: 1.1, misses: 0),
        .. Stuck("frozen-v1"),
        .. Stuck("d-state"),
        .. Proposals("shared", kill: 210, mrelease: 210, reap: 210, expedite: 210, exitFactor: 1.1, misses: 0),
        .. Proposals("frozen-v2", kill: 180, mrelease: 95, reap: 190, expedite: 100, exitFactor: 1.1, misses: 0),
        new("pf-memalloc", "killer_plain", "killer-pressure", 310, 0, Trials: 50) { Stall = (0.05, 400) },
        new("pf-memalloc", "killer_locked", "killer-pressure", 12, 0, Trials: 50) { Stall = (0.02, 350) },
        new("pf-memalloc", "killer_memalloc", "killer-pressure", 11, 0, Trials: 50),
        new("pf-memalloc", "killer_bounded", "killer-pressure", 11.5, 0, Trials: 50),
    ];

    private static IEnumerable<Line> Proposals(
        string scenario,
        double kill,
        double mrelease,
        double reap,
        double expedite,
        double exitFactor,
        double misses
    ) =>
        [
            new("stock", "kill", scenario, kill, kill * 1.1),
            new("stock", "process_mrelease", scenario, mrelease, kill * 1.1) { Misses = misses },
            new("process-reap", "kill", scenario, kill, kill * 1.1),
            new("process-reap", "process_reap", scenario, reap, reap * exitFactor) { Misses = misses },
            new("ss-expedite", "kill", scenario, kill, kill * 1.1),
            new("ss-expedite", "ss_expedite", scenario, expedite, expedite * exitFactor),
        ];

    /// <summary>Plain kill never frees, and is therefore run in two blocks only.</summary>
    private static IEnumerable<Line> Stuck(string scenario) =>
        [
            new("stock", "kill", scenario, 5000, 0, Trials: 1) { FirstBlocks = 2 },
            new("stock", "process_mrelease", scenario, 120, 0),
            new("process-reap", "kill", scenario, 5000, 0, Trials: 1) { FirstBlocks = 2 },
            new("process-reap", "process_reap", scenario, 118, 0),
            new("ss-expedite", "kill", scenario, 5000, 0, Trials: 1) { FirstBlocks = 2 },
            new("ss-expedite", "ss_expedite", scenario, 125, 140),
            new("ss-expedite", "ss_expedite_queue", scenario, 126, 0),
        ];
}
