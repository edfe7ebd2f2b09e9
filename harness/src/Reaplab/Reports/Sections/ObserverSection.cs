// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Document;

namespace Reaplab.Reports.Sections;

/// <summary>What the measuring itself costs: the observer in the guest, the harness beside it.</summary>
internal static class ObserverSection
{
    public static IEnumerable<ReportBlock> Build(RunAnalysis analysis)
    {
        yield return new ReportBlock.Heading(2, "What the measuring costs");
        if (analysis.ObserverCosts.Count == 0)
        {
            yield return new ReportBlock.Prose("Observer's cost: not measured (no trial ran without the observer).");
        }
        else
        {
            yield return new ReportBlock.Prose(
                "Observer's cost: change of exit and of the reaping call when the observer samples, against trials in "
                    + "which it sleeps."
            );
            yield return Costs(analysis.ObserverCosts);
        }

        var blocks = analysis.Manifest.Blocks;
        if (blocks.Count > 0)
        {
            var boots = blocks.SelectMany(block => block.BootMilliseconds).Order().ToList();
            yield return new ReportBlock.Prose(
                "Harness: "
                    + $"{Numbers.Significant(blocks.Average(block => block.HarnessMillisecondsPerTrial))} ms per trial "
                    + "beyond the guest's own time"
                    + (
                        boots.Count > 0
                            ? $"; boot to first command {Numbers.Significant(boots[boots.Count / 2])} ms (median of "
                                + $"{Numbers.Whole(boots.Count)})."
                            : "."
                    )
            );
        }
    }

    private static ReportBlock.Table Costs(IReadOnlyList<ObserverCost> costs) =>
        new(
            ["scenario", "method", "on", ">cost %", "[interval]", ">blocks"],
            [
                .. costs.Select(cost => new TableRow(
                    cost.Cell.Approach,
                    [
                        cost.Cell.Scenario,
                        cost.Cell.Method,
                        Wording.Short(cost.Measure),
                        Wording.Percent(cost.Ratio),
                        cost.Interval is { } interval
                            ? $"[{Wording.Percent(interval.Low)}, {Wording.Percent(interval.High)}]"
                            : "-",
                        Numbers.Whole(cost.Blocks),
                    ]
                )),
            ]
        );
}
