// SPDX-License-Identifier: MIT
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>Finds what a reader must know before believing a number.</summary>
internal static class CautionFinder
{
    /// <summary>A tenth: beyond it the spacing of samples, or the trials that were lost, could carry a small effect.</summary>
    private const double TolerableShare = 0.10;

    public static IReadOnlyList<Caution> Find(
        RunManifest manifest,
        IReadOnlyList<ScenarioAnalysis> scenarios,
        IReadOnlyList<Contrast> acrossKernels,
        TrialTable trials
    )
    {
        var cautions = new List<Caution>();
        foreach (var analysis in scenarios)
        {
            foreach (var cell in analysis.Cells)
            {
                cautions.AddRange(OfCell(cell, trials));
                // The decision to kill is not sampled: the killer itself takes the time.
                if (analysis.Primary == Measure.MemoryGone && cell.Resolution > TolerableShare)
                {
                    cautions.Add(
                        new Caution(CautionKind.CoarseSampling, analysis.Scenario.Name, cell.Cell, cell.Resolution)
                    );
                }
            }
        }

        cautions.AddRange(
            scenarios
                .Where(analysis =>
                    manifest.Accelerator == AnalysisRules.Emulated && !analysis.Scenario.DecidedUnderEmulation
                )
                .Select(analysis => new Caution(CautionKind.EmulatedNotDecided, analysis.Scenario.Name, null, 0))
        );
        cautions.AddRange(
            acrossKernels
                .Where(contrast => contrast.Kind == ContrastKind.Control && Fails(contrast, manifest.Margin))
                .Select(contrast => new Caution(
                    CautionKind.ControlFailed,
                    contrast.Subject.Scenario,
                    contrast.Subject,
                    contrast.Ratio
                ))
        );
        return [.. cautions.OrderBy(caution => caution.Kind)];
    }

    /// <summary>A control fails when it is certainly different and the estimate lies outside the margin.</summary>
    private static bool Fails(Contrast contrast, double margin) =>
        contrast.Interval is { } interval
        && contrast.Blocks >= AnalysisRules.LeastBlocksForVerdict
        && (interval.Low > 1 || interval.High < 1)
        && (contrast.Ratio > margin || contrast.Ratio < 1 / margin);

    private static IEnumerable<Caution> OfCell(CellAnalysis cell, TrialTable trials)
    {
        var outcomes = cell.Outcomes;
        var scenario = cell.Cell.Scenario;
        if (outcomes.Crashed > 0)
        {
            yield return new Caution(CautionKind.Crash, scenario, cell.Cell, outcomes.Crashed);
        }

        if (outcomes.Hung > 0)
        {
            yield return new Caution(CautionKind.Hang, scenario, cell.Cell, outcomes.Hung);
        }

        if (outcomes.OomKills > 0)
        {
            yield return new Caution(CautionKind.KernelOomKills, scenario, cell.Cell, outcomes.OomKills);
        }

        if (outcomes.Counted == 0)
        {
            yield return new Caution(CautionKind.NoTrials, scenario, cell.Cell, 0);
        }
        else if ((double)outcomes.BadSetup / (outcomes.Counted + outcomes.BadSetup) is > TolerableShare and var share)
        {
            yield return new Caution(CautionKind.BadSetup, scenario, cell.Cell, share);
        }

        var otherClock = trials.Counted(cell.Cell).Count(row => row.Clocksource is not ("" or "tsc" or "kvm-clock"));
        if (otherClock > 0)
        {
            yield return new Caution(CautionKind.Clock, scenario, cell.Cell, otherClock);
        }
    }
}
