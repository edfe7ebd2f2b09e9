// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Document;
using Reaplab.Reports.Sections;

namespace Reaplab.Reports.Text;

/// <summary>
/// What a series' cover letter can say of its measurement: plain ASCII of at most 72 columns, with what was run and how to
/// read it, and nothing that the run cannot answer for.
/// </summary>
public static class CandidateReport
{
    /// <summary>Name of the file in the run's folder.</summary>
    public const string FileName = "cover-letter.txt";

    /// <summary>Writes the text.</summary>
    /// <param name="comparison">What to show.</param>
    /// <param name="title">The series' own title.</param>
    /// <param name="command">What the user typed.</param>
    /// <param name="writer">Where to; lines end with \n whatever the writer's own setting.</param>
    public static void Write(CandidateComparison comparison, string title, string command, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(writer);
        var lines = TextReport.Lines(Compose(comparison, title, command));
        writer.Write(string.Join('\n', lines).TrimEnd('\n'));
        writer.Write('\n');
    }

    private static IEnumerable<ReportBlock> Compose(CandidateComparison comparison, string title, string command)
    {
        var analysis = comparison.Analysis;
        var manifest = analysis.Manifest;
        var kernel = manifest.Kernels.FirstOrDefault(each => each.Approach == comparison.Candidate);
        yield return new ReportBlock.Heading(2, "Measured with Reaplab");
        yield return new ReportBlock.Facts([
            ("series", title),
            ("base", kernel?.SourceVersion ?? manifest.Base),
            ("compiler", kernel?.Compiler ?? "-"),
            (
                "plan",
                $"{manifest.Plan}, {analysis.Blocks} of {manifest.BlocksPlanned} blocks, seed "
                    + manifest.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ),
            ("guest", analysis.IsEmulated ? Wording.EmulatedLabel : manifest.Accelerator.ToUpperInvariant()),
            ("command", command),
        ]);
        yield return new ReportBlock.Prose(
            "Ratio: time from the kill until 90 % of the victim's memory is free, with the series divided by without, "
                + "paired by block; below 1 is sooner. Not freed: trials whose memory was still held at the limit, with "
                + "the series and without."
        );
        if (analysis.IsEmulated)
        {
            yield return new ReportBlock.Prose(
                "Emulated: only what scheduling causes is decided; effects of locks, TLB shootdown, zeroing, cache or layout "
                    + "are not, and no time can be cited."
            );
        }

        if (!analysis.HasVerdicts)
        {
            yield return new ReportBlock.Prose(
                $"{HeaderSection.Blocks(analysis.Blocks)}: no verdicts (they need {AnalysisRules.LeastBlocksForVerdict})."
            );
        }

        var common = Table(comparison, row => row.Base is not null, "with/without");
        if (common.Rows.Count > 0)
        {
            yield return common;
        }

        var own = Table(comparison, row => row.Base is null, "not freed");
        if (own.Rows.Count > 0)
        {
            yield return new ReportBlock.Prose(
                "What only the series brings, divided by its reference method (kill) in the same kernel:"
            );
            yield return own;
        }

        yield return new ReportBlock.Prose(Conclude(comparison));
    }

    private static ReportBlock.Table Table(
        CandidateComparison comparison,
        Func<CandidateRow, bool> belongs,
        string countHead
    )
    {
        var rows = comparison
            .Scenarios.SelectMany(scenario => scenario.Rows.Select(row => (scenario.Scenario, Row: row)))
            .Where(each => belongs(each.Row))
            .ToList();
        return new ReportBlock.Table(
            [
                "method",
                ">ratio",
                IntervalHead.Of(rows.Select(each => each.Row.Contrast).OfType<Contrast>()),
                $">{countHead}",
                "verdict",
            ],
            [
                .. rows.Select(each => new TableRow(
                    Wording.Group(each.Scenario),
                    [
                        each.Row.Candidate.Cell.Method,
                        each.Row.Contrast is { } contrast ? Wording.Ratio(contrast) : "-",
                        each.Row.Contrast is { } other ? Wording.RatioInterval(other) : "-",
                        NotFreed(each.Row),
                        VerdictOf(each.Row),
                    ]
                )),
            ],
            "scenario"
        );
    }

    private static string NotFreed(CandidateRow row)
    {
        var with = Count(row.Candidate.Outcomes);
        return row.Base is { } onStock ? $"{with} {Count(onStock.Outcomes)}" : with;

        static string Count(OutcomeCounts outcomes) =>
            $"{Numbers.Whole(outcomes.NotFreed)}/{Numbers.Whole(outcomes.Counted)}";
    }

    /// <summary>In few letters, so that a row stays a line; the text above says what is not decided, and why.</summary>
    private static string VerdictOf(CandidateRow row) =>
        row switch
        {
            { IsFreedLessOften: true } => "freed less often",
            { Contrast: { } contrast } => Wording.ShortVerdictOf(contrast),
            _ => "-",
        };

    private static string Conclude(CandidateComparison comparison)
    {
        var regressions = comparison.Regressions;
        if (regressions.Count > 0)
        {
            return "Worse than the base: "
                + string.Join(
                    "; ",
                    regressions.Select(row =>
                        $"{row.Candidate.Cell.Method} in {row.Candidate.Cell.Scenario} "
                        + (row.IsFreedLessOften ? "frees less often" : "is slower")
                    )
                )
                + ".";
        }

        return comparison.Analysis.HasVerdicts
            ? "Nothing that this run can decide is worse than on the base by more than the plan's margin of "
                + $"{Numbers.Significant(comparison.Analysis.Manifest.Margin)}."
            : "Too few blocks to say whether anything became slower.";
    }
}
