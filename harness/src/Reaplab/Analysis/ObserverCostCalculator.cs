// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>
/// Compares trials with and without the observer, per cell that has both, on what is measured without it: the exit and the
/// reaping call.
/// </summary>
internal static class ObserverCostCalculator
{
    private static readonly Measure[] Measures = [Measure.ProcessGone, Measure.ReapCall];

    public static IReadOnlyList<ObserverCost> Calculate(TrialTable trials, IEnumerable<Cell> cells)
    {
        var costs = new List<ObserverCost>();
        foreach (var cell in cells)
        {
            // Without the observer nobody saw the memory go, so the outcome of such a row says nothing here.
            var without = trials
                .Rows(cell)
                .Where(row =>
                    row is { Warmup: false, Observer: false, Outcome: TrialOutcome.Freed or TrialOutcome.NotFreed }
                )
                .ToList();
            foreach (var measure in Measures)
            {
                if (Compare(trials, cell, measure, without) is { } cost)
                {
                    costs.Add(cost);
                }
            }
        }

        return costs;
    }

    private static ObserverCost? Compare(
        TrialTable trials,
        Cell cell,
        Measure measure,
        IReadOnlyList<TrialRecord> without
    )
    {
        var reference = TrialTable.ByBlock(without, measure);
        var paired = PairedRatio.Of(trials.ByBlock(cell, measure), reference);
        return paired.LogRatios.Count == 0 || paired.Bound != RatioBound.Exact
            ? null
            : new ObserverCost(
                cell,
                measure,
                paired.LogRatios.Count,
                reference.Values.Sum(values => values.Count),
                Math.Exp(HodgesLehmann.Estimate(paired.LogRatios)),
                HodgesLehmann.ConfidenceInterval(paired.LogRatios, AnalysisRules.Confidence)?.Map(Math.Exp)
            );
    }
}
