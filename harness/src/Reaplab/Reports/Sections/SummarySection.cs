// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Document;
using Reaplab.Reports.Figures;
using Reaplab.Reports.Text;

namespace Reaplab.Reports.Sections;

/// <summary>Every method against its reference at one glance.</summary>
internal static class SummarySection
{
    private const int Width = 72;

    /// <summary>The indent, three gaps and the ratio.</summary>
    private const int Frame = 12;

    /// <summary>Names are given this much at least, so that plots of a few methods look alike.</summary>
    private const int LeastMethodWidth = 17;

    private const int LeastKernelWidth = 12;

    public static IEnumerable<ReportBlock> Build(RunAnalysis analysis)
    {
        var scenarios = analysis
            .Scenarios.Select(scenario => (scenario, Contrasts: Wording.PrimaryContrasts(scenario).ToList()))
            .Where(pair => pair.Contrasts.Count > 0)
            .ToList();
        if (scenarios.Count == 0)
        {
            yield break;
        }

        var all = scenarios.SelectMany(pair => pair.Contrasts).ToList();
        yield return new ReportBlock.Heading(2, "Summary: ratio to the reference in the same kernel");
        yield return new ReportBlock.TextPlot([.. Plot(scenarios, all, analysis.Manifest.Margin)]);
        if (all.Exists(contrast => contrast.Bound != RatioBound.Unknown))
        {
            yield return new ReportBlock.Image("summary", "Ratio of every method to its reference, with intervals");
        }

        if (MatrixBuilder.Build(analysis, note: "") is { } overview)
        {
            yield return new ReportBlock.Image(overview.Name, "Every method in every scenario, relative to plain kill");
        }

        yield return new ReportBlock.Table(
            ["method", ">ratio", IntervalHead.Of(all), "verdict"],
            [
                .. scenarios.SelectMany(pair =>
                    pair.Contrasts.Select(contrast => new TableRow(
                        Wording.Group(pair.scenario),
                        [
                            Label(contrast, pair.Contrasts),
                            Wording.Ratio(contrast),
                            Wording.RatioInterval(contrast),
                            Wording.VerdictOf(contrast),
                        ]
                    ))
                ),
            ],
            "scenario"
        );
    }

    /// <summary>The method; with its kernel where several kernels were asked to run it.</summary>
    private static string Label(Contrast contrast, List<Contrast> all) =>
        all.Count(other => other.Subject.Method == contrast.Subject.Method) == 1
            ? contrast.Subject.Method
            : $"{contrast.Subject.Method}, {contrast.Subject.Approach}";

    private static IEnumerable<string> Plot(
        IEnumerable<(ScenarioAnalysis Scenario, List<Contrast> Contrasts)> scenarios,
        IReadOnlyList<Contrast> all,
        double margin
    )
    {
        var (low, high) = RatioSpan.Of(all, margin);
        var methodWidth = Math.Max(LeastMethodWidth, all.Max(contrast => contrast.Subject.Method.Length));
        var kernelWidth = Math.Max(LeastKernelWidth, all.Max(contrast => contrast.Subject.Approach.Length));
        var before = Frame + methodWidth + kernelWidth;
        var plot = new IntervalLine(low, high, Width - before);
        foreach (var (scenario, contrasts) in scenarios)
        {
            yield return Wording.Group(scenario);
            foreach (var contrast in contrasts)
            {
                var label =
                    $"{contrast.Subject.Method.PadRight(methodWidth)} {contrast.Subject.Approach.PadRight(kernelWidth)}";
                yield return $"  {label} {Wording.Ratio(contrast), 7} {plot.Draw(contrast)}".TrimEnd();
            }
        }

        yield return new string(' ', before) + plot.Scale();
        yield return "o estimate, --- interval, | ratio 1, < at most, > at least";
    }
}
