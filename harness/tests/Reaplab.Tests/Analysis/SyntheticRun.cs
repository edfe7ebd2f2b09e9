// SPDX-License-Identifier: MIT
using MathNet.Numerics.Random;
using Reaplab.Analysis;
using Reaplab.Trials;

namespace Reaplab.Tests.Analysis;

/// <summary>
/// Makes up a run from a seed: the shape of a real plan with effects that are known, so that a test can say what an
/// analysis must find.
/// </summary>
internal sealed class SyntheticRun
{
    private const long Held = 512L << 20;
    private const long Kept = 3L << 20;
    private const long Step = 38L << 20;
    private const double NsPerMs = 1e6;

    private readonly Xoshiro256StarStar random;
    private readonly List<TrialRecord> trials = [];
    private readonly List<SampleRecord> samples = [];
    private readonly List<MeasureRecord> measures = [];
    private readonly string accelerator;
    private int slot;

    private SyntheticRun(int seed, string accelerator)
    {
        random = new Xoshiro256StarStar(seed, threadSafe: false);
        this.accelerator = accelerator;
    }

    /// <summary>One line of a made-up plan.</summary>
    /// <param name="Approach">Kernel.</param>
    /// <param name="Method">Method.</param>
    /// <param name="Scenario">Scenario.</param>
    /// <param name="Milliseconds">Typical t90; beyond the limit for a cell that never frees.</param>
    /// <param name="ExitMilliseconds">Typical exit; 0 for never.</param>
    /// <param name="Trials">Trials per block beside the warm-up.</param>
    internal sealed record Line(
        string Approach,
        string Method,
        string Scenario,
        double Milliseconds,
        double ExitMilliseconds,
        int Trials = 3
    )
    {
        /// <summary>Share of reaping calls that come too late.</summary>
        public double Misses { get; init; }

        /// <summary>Blocks the cell is run in.</summary>
        public int FirstBlocks { get; init; } = int.MaxValue;

        /// <summary>Share of trials that stall, and for how long.</summary>
        public (double Share, double Milliseconds) Stall { get; init; }
    }

    public static RunData Create(
        int blocks,
        IReadOnlyList<Line> lines,
        int seed = 1,
        string accelerator = "tcg",
        double spread = 0.05
    )
    {
        var run = new SyntheticRun(seed, accelerator);
        for (var block = 1; block <= blocks; block++)
        {
            run.slot = 0;
            foreach (var line in lines.Where(line => block <= line.FirstBlocks))
            {
                run.AddCell(block, line, spread);
            }
        }

        return new RunData(SyntheticManifest.Create(blocks, lines, accelerator), run.trials, () => run.samples)
        {
            Measures = run.measures,
        };
    }

    private void AddCell(int block, Line line, double spread)
    {
        var boot = Math.Exp(Normal() * spread);
        for (var trial = 0; trial <= line.Trials; trial++)
        {
            Add(block, line, trial + 1, boot * Math.Exp(Normal() * spread), isWarmUp: trial == 0, isObserved: true);
        }

        if (line.Scenario == "idle" && line.Method != "killer_plain")
        {
            for (var trial = 0; trial < 3; trial++)
            {
                var factor = boot * Math.Exp(Normal() * spread) / 1.01;
                Add(block, line, line.Trials + trial + 2, factor, isWarmUp: false, isObserved: false);
            }
        }
    }

    private void Add(int block, Line line, int trial, double factor, bool isWarmUp, bool isObserved)
    {
        slot++;
        var limit = (long)(SyntheticManifest.LimitMilliseconds(line.Scenario) * NsPerMs);
        var isPressure = line.Scenario == "killer-pressure";
        var stall = random.NextDouble() < line.Stall.Share ? line.Stall.Milliseconds * factor : 0;
        var t90 = (long)(((line.Milliseconds * factor) + stall) * NsPerMs);
        var isFreed = isPressure || t90 <= limit;
        var exit = line.ExitMilliseconds == 0 ? (long?)null : (long)(line.ExitMilliseconds * factor * NsPerMs);
        var isReaping = line.Method is not ("kill" or "killer_plain" or "killer_locked");
        var window = isFreed ? Math.Max(t90 * 11 / 10, exit ?? 300_000_000) : limit;
        var isMissed = isReaping && !isPressure && random.NextDouble() < line.Misses;
        trials.Add(
            new TrialRecord
            {
                Run = SyntheticManifest.Run,
                Block = block,
                Slot = slot,
                Base = "6.12",
                Approach = line.Approach,
                Method = line.Method,
                Scenario = line.Scenario,
                Trial = trial,
                Outcome = isFreed ? TrialOutcome.Freed : TrialOutcome.NotFreed,
                KillErrno = "0",
                ReapErrno =
                    !isReaping || isPressure ? ""
                    : isMissed ? "ESRCH"
                    : "0",
                HeldBytes = Held,
                LeftBytes = isFreed ? 0 : Held,
                KillCallNs = 40_000,
                ReapCallNs = isReaping && !isPressure ? t90 : null,
                TFirstNs = isFreed && isObserved ? t90 / 14 : null,
                T50Ns = isFreed && isObserved ? t90 / 2 : null,
                T90Ns = isFreed && isObserved ? t90 : null,
                T90PreviousNs = isFreed && isObserved ? t90 - 1_100_000 : null,
                T99Ns = isFreed && isObserved ? t90 * 11 / 10 : null,
                ExitNs = exit <= window ? exit : null,
                LimitNs = limit,
                WindowNs = window,
                DecisionNs = isPressure ? t90 : null,
                UsableNs = line.Scenario == "refill" ? t90 * 2 : null,
                CpuVictimNs = isReaping ? t90 / 10 : t90,
                CpuKillerNs = isReaping ? t90 : 50_000,
                CpuKthreadNs = line.Method.StartsWith("ss_", StringComparison.Ordinal) ? t90 : 0,
                TeardownBy =
                    exit is null ? "none"
                    : line.Method == "process_reap" ? "killer"
                    : "victim",
                Warmup = isWarmUp,
                Observer = isObserved,
                SampleGapMaxNs = 1_300_000,
                Allocstall = isPressure ? 120 : 0,
                PgscanDirect = isPressure ? 9000 : 0,
                OomKill = 0,
                Clocksource = "tsc",
                Accelerator = accelerator,
            }
        );
        AddMeasures(block, line, trial, isFreed, t90);
        if (isObserved)
        {
            AddSamples(block, isFreed, t90);
        }
    }

    /// <summary>One of each unit that reports know, one of a unit of its own, and one that only every third trial notes.</summary>
    private void AddMeasures(int block, Line line, int trial, bool isFreed, long t90)
    {
        switch (line.Scenario)
        {
            case "killer-pressure":
                Note(block, "decision_walk", t90 / 3, "ns");
                Note(block, "pages_refilled", trial % 2 + 254, "pages");
                break;
            case "d-state":
                Note(block, "memory_current_end", isFreed ? Kept : Held + Kept, "bytes");
                break;
            case "frozen-v2" when trial % 3 == 0:
                Note(block, "neighbour_intact", 1, "bool");
                break;
        }
    }

    private void Note(int block, string measure, double value, string unit) =>
        measures.Add(new MeasureRecord(SyntheticManifest.Run, block, slot, measure, value, unit));

    private void AddSamples(int block, bool isFreed, long t90)
    {
        samples.Add(new SampleRecord(block, slot, 0, 0, Held + Kept));
        for (long freed = Step; isFreed && freed < Held + Step; freed += Step)
        {
            var time = (long)(t90 * (double)freed / Held / 0.9);
            samples.Add(
                new SampleRecord(block, slot, Math.Max(0, time - 1_100_000), time, Kept + Math.Max(0, Held - freed))
            );
        }
    }

    /// <summary>Normal deviate by Box and Muller.</summary>
    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
