// SPDX-License-Identifier: MIT
using Reaplab.Experiments;

namespace Reaplab.Trials;

/// <summary>Turns what the agent said of a trial into its rows.</summary>
/// <param name="Run">The run.</param>
/// <param name="Base">Kernel source.</param>
/// <param name="Accelerator">kvm or tcg.</param>
/// <param name="Block">The block.</param>
/// <param name="Boot">Boot of this kernel within the block.</param>
internal sealed record TrialRows(string Run, string Base, string Accelerator, int Block, int Boot)
{
    /// <summary>A victim that held less than this part of what its scenario states was not the victim asked for.</summary>
    private const double LeastHeld = 0.9;

    /// <summary>
    /// 1 where a process that shares the victim's memory and was not killed found every page as it was: the one thing
    /// no method may break, however fast it is.
    /// </summary>
    private const string NeighbourIntact = "neighbour_intact";

    /// <summary>Clocks that advance in nanoseconds and do not fall back; jiffies would look wonderfully stable.</summary>
    internal static readonly IReadOnlySet<string> GoodClocksources = new HashSet<string> { "tsc", "kvm-clock" };

    /// <summary>The row of a trial that was measured.</summary>
    internal TrialRecord Measured(Cell cell, TrialSlot slot, bool warmup, AgentTrial trial)
    {
        var held = trial.HeldBytes ?? 0;
        var points = FreeingPoints.From(trial.Samples, trial.T0Bytes ?? 0, held);
        var (outcome, detail) = Judge(cell.Scenario, trial, points, held);
        return Unmeasured(cell, slot, warmup, outcome, detail) with
        {
            KillErrno = trial.KillErrno ?? "",
            ReapErrno = trial.ReapErrno ?? "",
            HeldBytes = trial.HeldBytes,
            LeftBytes = trial.LeftBytes,
            KillCallNs = trial.KillCallNs,
            ReapCallNs = trial.ReapCallNs,
            TFirstNs = points.FirstNs,
            T50Ns = points.HalfNs,
            T90Ns = points.NinetyNs,
            T99Ns = points.NinetyNineNs,
            T90PreviousNs = points.NinetyPreviousNs,
            ExitNs = trial.ExitNs,
            LimitNs = trial.LimitNs,
            WindowNs = trial.WindowNs,
            DecisionNs = trial.DecisionNs,
            UsableNs = trial.UsableNs,
            CpuVictimNs = trial.CpuVictimNs,
            CpuKillerNs = trial.CpuKillerNs,
            CpuKthreadNs = trial.CpuKthreadNs,
            TeardownBy = trial.TeardownBy ?? "",
            SampleGapMaxNs = trial.SampleGapMaxNs,
            Allocstall = trial.Allocstall,
            PgscanDirect = trial.PgscanDirect,
            OomKill = trial.OomKill,
            Clocksource = trial.Clocksource,
        };
    }

    /// <summary>The row of a trial that could not be measured.</summary>
    internal TrialRecord Unmeasured(Cell cell, TrialSlot slot, bool warmup, TrialOutcome outcome, string detail) =>
        new()
        {
            Run = Run,
            Block = Block,
            Slot = slot.Slot,
            Base = Base,
            Approach = cell.Approach,
            Method = cell.Method,
            Scenario = cell.Scenario.Name,
            Trial = slot.Trial,
            Outcome = outcome,
            LimitNs = Foundation.Duration.ToNanoseconds(cell.Scenario.Limit),
            Warmup = warmup,
            Observer = slot.Observer,
            Accelerator = Accelerator,
            Boot = Boot,
            Detail = detail,
        };

    /// <summary>The observer's samples as rows.</summary>
    internal IEnumerable<SampleRecord> Samples(TrialSlot slot, AgentTrial trial) =>
        trial.Samples.Select(sample => new SampleRecord(Block, slot.Slot, sample[0], sample[1], sample[2]));

    /// <summary>Further measures as rows.</summary>
    internal IEnumerable<MeasureRecord> Measures(TrialSlot slot, AgentTrial trial) =>
        trial.Measures.Select(measure => new MeasureRecord(
            Run,
            Block,
            slot.Slot,
            measure.Key,
            measure.Value.Value,
            measure.Value.Unit
        ));

    private static (TrialOutcome Outcome, string Detail) Judge(
        ScenarioDefinition scenario,
        AgentTrial trial,
        FreeingPoints points,
        long held
    )
    {
        if (!GoodClocksources.Contains(trial.Clocksource))
        {
            return (TrialOutcome.Infrastructure, $"the guest's clock fell back to {trial.Clocksource}");
        }

        if (trial.Setup != "ok")
        {
            return (TrialOutcome.BadSetup, trial.Setup);
        }

        if (scenario.Decide)
        {
            return trial.DecisionNs is null
                ? (TrialOutcome.NotFreed, "no decision within the limit")
                : (TrialOutcome.Freed, "");
        }

        if (held < scenario.VictimBytes * LeastHeld)
        {
            return (TrialOutcome.BadSetup, $"the victim held {held} bytes of the {scenario.VictimBytes} it should");
        }

        // Without samples the window's end tells: the memory was gone by then or it was not.
        var freed = trial.Samples.Count == 0 ? trial.LeftBytes <= held * (1 - LeastHeld) : points.NinetyNs is not null;
        var neighbour = trial.Measures.GetValueOrDefault(NeighbourIntact);
        return (
            freed ? TrialOutcome.Freed : TrialOutcome.NotFreed,
            neighbour is { Value: 0 } ? "memory that a living process uses was taken away" : ""
        );
    }
}
