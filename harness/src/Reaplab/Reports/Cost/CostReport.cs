// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Analysis;
using Reaplab.Kernels;
using Reaplab.Reports.Document;
using Reaplab.Reports.Markdown;
using Reaplab.Reports.Sections;
using Reaplab.Reports.Text;

namespace Reaplab.Reports.Cost;

/// <summary>The table of what series cost those who don't use them.</summary>
public static class CostReport
{
    /// <summary>Its plain text: ASCII of at most 72 columns.</summary>
    public const string TextFile = "cost.txt";

    /// <summary>The same as Markdown.</summary>
    public const string MarkdownFile = "cost.md";

    /// <summary>The table as plain text.</summary>
    /// <param name="costs">The series.</param>
    /// <param name="provenance">Where the numbers come from.</param>
    public static string ToText(IReadOnlyList<SeriesCost> costs, CostProvenance provenance) =>
        Join(TextReport.Lines(Compose(costs, provenance)));

    /// <summary>The table as Markdown.</summary>
    /// <param name="costs">The series.</param>
    /// <param name="provenance">Where the numbers come from.</param>
    public static string ToMarkdown(IReadOnlyList<SeriesCost> costs, CostProvenance provenance) =>
        Join(MarkdownReport.Lines(Compose(costs, provenance)));

    private static string Join(IEnumerable<string> lines) => string.Join('\n', lines).TrimEnd('\n') + "\n";

    private static IEnumerable<ReportBlock> Compose(IReadOnlyList<SeriesCost> costs, CostProvenance provenance)
    {
        yield return new ReportBlock.Heading(1, "What a series costs those who don't use it");
        yield return new ReportBlock.Facts([
            ("base", provenance.SourceVersion),
            ("compiler", provenance.Compiler),
            ("guest", provenance.Accelerator),
            ("qemu", provenance.Qemu),
            ("harness", provenance.Harness),
            ("blocks", Numbers.Whole(provenance.Blocks)),
            ("seed", provenance.Seed.ToString(CultureInfo.InvariantCulture)),
            ("command", provenance.Command),
        ]);
        yield return new ReportBlock.Prose(
            "Ratio: the series' kernel divided by stock's with the same configuration, paired by block (each kernel booted "
                + "once per block, in random order); above 1 is a cost. Times are medians in microseconds, of one operation, "
                + "or of one page of 4 KiB where memory comes or goes. Size: functions and data by the kernel's "
                + "scripts/bloat-o-meter, then the bytes that came and went, and in the last column how many symbols were "
                + "added, were removed, grew, and shrank. The margin within which two kernels "
                + $"count as the same is {Numbers.Significant(1 / CostAnalyzer.Margin)} to "
                + $"{Numbers.Significant(CostAnalyzer.Margin)}."
        );
        if (provenance.IsEmulated)
        {
            yield return new ReportBlock.Prose(
                "EMULATED (TCG). Emulation has neither caches nor a layout that matters: no ratio of a series is decided "
                    + "here, and no microsecond can be cited."
            );
        }

        if (provenance.Blocks < AnalysisRules.LeastBlocksForVerdict)
        {
            yield return new ReportBlock.Prose(
                $"{HeaderSection.Blocks(provenance.Blocks)}: no verdicts (they need {AnalysisRules.LeastBlocksForVerdict})."
            );
        }

        if (costs.Any(cost => cost.Subject.Approach == AnalysisRules.Noop))
        {
            yield return new ReportBlock.Prose(
                "noop is code that never runs: its ratios are the noise floor, and nothing smaller can be seen here."
            );
        }

        var contrasts = costs.SelectMany(cost => cost.Operations).Select(operation => operation.Contrast);
        yield return new ReportBlock.Table(
            ["what", ">stock", ">series", ">ratio", IntervalHead.Of(contrasts), "verdict"],
            [.. costs.SelectMany(Rows)],
            "series"
        );
    }

    private static IEnumerable<TableRow> Rows(SeriesCost cost)
    {
        var name = cost.Subject.Approach;
        yield return new TableRow(name, Size(cost.Subject.Growth));
        foreach (var operation in cost.Operations)
        {
            yield return new TableRow(
                name,
                [
                    operation.Operation,
                    Numbers.Significant(operation.StockNs / 1e3),
                    Numbers.Significant(operation.SeriesNs / 1e3),
                    Numbers.Fixed(operation.Contrast.Ratio, 3),
                    Interval(operation.Contrast),
                    Wording.ShortVerdictOf(operation.Contrast),
                ]
            );
        }
    }

    private static string[] Size(KernelGrowth growth) =>
        [
            "size, bytes",
            Numbers.Whole(growth.BeforeBytes),
            Numbers.Whole(growth.AfterBytes),
            Numbers.Fixed((double)growth.AfterBytes / growth.BeforeBytes, 4),
            $"+{Numbers.Whole(growth.UpBytes)} -{Numbers.Whole(growth.DownBytes)}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{growth.Added}/{growth.Removed}/{growth.Grown}/{growth.Shrunk}"
            ),
        ];

    /// <summary>With a digit more than elsewhere: here a per cent is a result.</summary>
    private static string Interval(Contrast contrast) =>
        contrast.Interval is { } interval
            ? $"[{Numbers.Fixed(interval.Low, 3)}, {Numbers.Fixed(interval.High, 3)}]"
            : "-";
}
