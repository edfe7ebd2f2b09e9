// SPDX-License-Identifier: MIT
using MathNet.Numerics.Statistics;
using Reaplab.Analysis.Statistics;
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>Describes the trials of one cell.</summary>
internal static class CellAnalyzer
{
    /// <summary>Describes a cell.</summary>
    /// <param name="trials">The rows.</param>
    /// <param name="cell">Which cell.</param>
    /// <param name="measures">What to describe, the primary measure first.</param>
    /// <param name="seed">The run's seed.</param>
    public static CellAnalysis Analyze(TrialTable trials, Cell cell, IReadOnlyList<Measure> measures, long seed)
    {
        var counted = trials.Counted(cell).ToList();
        return new CellAnalysis
        {
            Cell = cell,
            Outcomes = Count(trials, trials.Rows(cell), counted),
            Blocks = counted.Select(row => row.Block).Distinct().Count(),
            Distributions = Describe(trials, cell, measures, seed),
            TeardownBy = counted
                .Where(row => row.TeardownBy.Length > 0)
                .GroupBy(row => row.TeardownBy)
                .Select(group => KeyValuePair.Create(group.Key, group.Count()))
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .ToList(),
            Cpu = Shares(counted),
            Resolution = Resolution(counted),
        };
    }

    private static OutcomeCounts Count(
        TrialTable trials,
        IReadOnlyList<TrialRecord> rows,
        IReadOnlyList<TrialRecord> counted
    ) =>
        new()
        {
            Freed = counted.Count(row => row.Outcome == TrialOutcome.Freed),
            NotFreed = counted.Count(row => row.Outcome == TrialOutcome.NotFreed),
            Missed = counted.Count(IsMiss),
            Exited = counted.Count(row => row.ExitNs is not null),
            Crashed = rows.Count(row => row.Outcome == TrialOutcome.Crash),
            Hung = rows.Count(row => row.Outcome == TrialOutcome.Hang),
            BadSetup = rows.Count(row => row.Outcome == TrialOutcome.BadSetup || IsIdlePressure(trials, row)),
            Infrastructure = rows.Count(row => row.Outcome == TrialOutcome.Infrastructure),
            Unsupported = rows.Count(row => row.Outcome == TrialOutcome.Unsupported),
            WarmUp = rows.Count(row => row.Warmup),
            OomKills = counted.Sum(row => row.OomKill ?? 0),
        };

    /// <summary>
    /// Whether the reaping call left the memory to somebody else who then freed it. ESRCH says that the victim has let go
    /// of it; EBUSY that the victim has (sync_reap_mm), that another reaper is at it, or that its lock was not to be had
    /// (try_reap). EBUSY is also what some calls say where a living process has the same memory: that race was not lost,
    /// the call was refused, and the memory stays.
    /// </summary>
    private static bool IsMiss(TrialRecord row) =>
        row.ReapErrno == "ESRCH" || row is { ReapErrno: "EBUSY", Outcome: TrialOutcome.Freed };

    private static bool IsIdlePressure(TrialTable trials, TrialRecord row) =>
        row.Outcome is TrialOutcome.Freed or TrialOutcome.NotFreed && trials.LacksPressure(row);

    private static Dictionary<Measure, Distribution> Describe(
        TrialTable trials,
        Cell cell,
        IReadOnlyList<Measure> measures,
        long seed
    )
    {
        var distributions = new Dictionary<Measure, Distribution>();
        foreach (var measure in measures)
        {
            // Intervals are shown, and paid for, only of what a scenario is about.
            int? drawn = measure == measures[0] ? SeedOf(cell, measure, seed) : null;
            var sample = CensoredSample.CreateGrouped(trials.ByBlock(cell, measure).Values);
            if (Distribution.Of(sample, drawn) is { } distribution)
            {
                distributions[measure] = distribution;
            }
        }

        return distributions;
    }

    /// <summary>
    /// A cell's draws depend on the run's seed and the cell's name alone, so that an interval does not move because another
    /// cell was added. FNV-1a, since string.GetHashCode differs between processes.
    /// </summary>
    private static int SeedOf(Cell cell, Measure measure, long seed)
    {
        unchecked
        {
            var hash = 2166136261u;
            foreach (var letter in $"{seed:X}/{cell.Approach}/{cell.Method}/{cell.Scenario}/{measure}")
            {
                hash = (hash ^ letter) * 16777619u;
            }

            return (int)(hash & int.MaxValue);
        }
    }

    private static CpuShares? Shares(IReadOnlyList<TrialRecord> counted)
    {
        var rows = counted
            .Where(row => row.CpuVictimNs is not null || row.CpuKillerNs is not null || row.CpuKthreadNs is not null)
            .ToList();
        double victim = rows.Sum(row => row.CpuVictimNs ?? 0);
        double killer = rows.Sum(row => row.CpuKillerNs ?? 0);
        double thread = rows.Sum(row => row.CpuKthreadNs ?? 0);
        var total = victim + killer + thread;
        return total <= 0
            ? null
            : new CpuShares(
                victim / total,
                killer / total,
                thread / total,
                rows.Select(row => (double)((row.CpuVictimNs ?? 0) + (row.CpuKillerNs ?? 0) + (row.CpuKthreadNs ?? 0)))
                    .Median()
            );
    }

    private static double Resolution(IReadOnlyList<TrialRecord> counted)
    {
        var shares = counted
            .Where(row => row is { T90Ns: > 0, T90PreviousNs: not null })
            .Select(row => (double)(row.T90Ns!.Value - row.T90PreviousNs!.Value) / row.T90Ns.Value)
            .ToList();
        return shares.Count == 0 ? 0 : shares.Median();
    }
}
