// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Document;

namespace Reaplab.Reports.Sections;

/// <summary>Everything of one scenario: ratios first, then times, then what became of the trials.</summary>
internal static class ScenarioSection
{
    public static IEnumerable<ReportBlock> Build(RunAnalysis analysis, ScenarioAnalysis scenario)
    {
        var about = scenario.Scenario;
        yield return new ReportBlock.Heading(2, $"{about.Name}: {about.Summary}");
        if (about.Purpose.Length > 0)
        {
            yield return new ReportBlock.Prose(about.Purpose);
        }

        if (analysis.IsEmulated && !about.DecidedUnderEmulation)
        {
            yield return new ReportBlock.Prose($"Read with care: {Wording.NotDecided}.");
        }

        yield return Ratios(analysis, scenario, scenario.Primary);
        foreach (var note in ReferenceNotes(scenario))
        {
            yield return new ReportBlock.Prose(note);
        }

        if (Has(scenario, Measure.Usable))
        {
            yield return new ReportBlock.Prose("Until another process had the memory it asked for (usable):");
            yield return Ratios(analysis, scenario, Measure.Usable);
        }

        yield return new ReportBlock.Prose(
            analysis.IsEmulated ? "Milliseconds (emulated, not comparable):" : "Milliseconds:"
        );
        yield return Times(scenario, analysis.HasVerdicts);
        yield return new ReportBlock.Prose(
            "What became of the trials (v: victim, k: killer, t: oom_reaper, o: another, -: nobody by then):"
        );
        yield return Outcomes(scenario);
        foreach (var note in MissNotes(scenario))
        {
            yield return new ReportBlock.Prose(note);
        }

        if (scenario.Noted.Count > 0)
        {
            yield return new ReportBlock.Prose("What else its trials noted (n: trials that did, of those that count):");
            yield return Noted(scenario);
        }

        yield return new ReportBlock.Prose(OutsideStatistics(scenario));
        if (Has(scenario, scenario.Primary))
        {
            yield return new ReportBlock.Image(
                $"ecdf-{about.Name}",
                $"{about.Name}: distribution of {Wording.Short(scenario.Primary)} per kernel and method"
            );
        }

        if (!about.Decides && Has(scenario, Measure.MemoryFirst))
        {
            yield return new ReportBlock.Image($"memory-{about.Name}", $"{about.Name}: memory held over time");
        }
    }

    private static bool Has(ScenarioAnalysis scenario, Measure measure) =>
        scenario.Cells.Any(cell => cell.Distributions.ContainsKey(measure));

    private static ReportBlock.Table Ratios(RunAnalysis analysis, ScenarioAnalysis scenario, Measure measure)
    {
        var contrasts = scenario.Cells.Select(cell => cell.Contrasts.GetValueOrDefault(measure)).OfType<Contrast>();
        return new ReportBlock.Table(
            ["method", ">ratio", IntervalHead.Of(contrasts), "verdict"],
            [
                .. scenario.Cells.Select(cell =>
                    Row(
                        cell,
                        cell.Contrasts.GetValueOrDefault(measure) is { } contrast
                            ? [Wording.Ratio(contrast), Wording.RatioInterval(contrast), Wording.VerdictOf(contrast)]
                            : WithoutContrast(analysis, cell)
                    )
                ),
            ]
        );
    }

    /// <summary>A method whose reference has not been run yet in any of its blocks has no ratio, and is no reference.</summary>
    private static string[] WithoutContrast(RunAnalysis analysis, CellAnalysis cell) =>
        analysis.Manifest.Methods.Any(method => method.Name == cell.Cell.Method && method.Reference.Length > 0)
            ? ["-", "-", "no reference yet"]
            : ["1", "", "reference"];

    /// <summary>A plan runs a reference that never frees in its first blocks only; the ratio then rests on its limit.</summary>
    private static IEnumerable<string> ReferenceNotes(ScenarioAnalysis scenario) =>
        scenario
            .Cells.Select(cell => cell.Contrasts.GetValueOrDefault(scenario.Primary))
            .OfType<Contrast>()
            .Where(contrast => contrast.Bound == RatioBound.AtMost && contrast.ReferenceBlocks < contrast.Blocks)
            .GroupBy(contrast => contrast.Reference.Method)
            .Select(group =>
                $"{group.Key} never freed within the limit in the {HeaderSection.Blocks(group.Max(c => c.ReferenceBlocks))} "
                + "it was run in, and is not run in the others: its limit stands for it there."
            );

    private static ReportBlock.Table Times(ScenarioAnalysis scenario, bool hasVerdicts)
    {
        var measures = scenario.Scenario.Decides
            ? [scenario.Primary]
            : new[] { scenario.Primary, Measure.MemoryEnd, Measure.ProcessGone, Measure.Usable }
                .Where(measure => Has(scenario, measure))
                .ToArray();
        var hasP99 = scenario.Cells.Any(cell =>
            cell.Distributions.GetValueOrDefault(scenario.Primary)?.P99 is not null
        );
        string[] columns =
        [
            "method",
            $">{Wording.Short(scenario.Primary)}",
            hasVerdicts ? "[95 % interval]" : "[rough interval]",
            .. (string[])(hasP99 ? [">p99", "[interval]"] : []),
            ">max",
            .. measures.Skip(1).Select(measure => $">{Wording.Short(measure)}"),
            .. (string[])(scenario.Scenario.Decides ? [">n"] : []),
        ];
        return new ReportBlock.Table(
            columns,
            [
                .. scenario.Cells.Select(cell =>
                    Row(cell, [.. Primary(cell, scenario, hasP99), .. Others(cell, scenario, measures)])
                ),
            ]
        );
    }

    private static IEnumerable<string> Primary(CellAnalysis cell, ScenarioAnalysis scenario, bool hasP99)
    {
        if (cell.Distributions.GetValueOrDefault(scenario.Primary) is not { } primary)
        {
            return Enumerable.Repeat("-", hasP99 ? 5 : 3);
        }

        return
        [
            Wording.Milliseconds(primary.Median),
            Wording.Milliseconds(primary.MedianInterval),
            .. (string[])(
                hasP99
                    ?
                    [
                        primary.P99 is { } p99 ? Wording.Milliseconds(p99) : "-",
                        Wording.Milliseconds(primary.P99Interval),
                    ]
                    : []
            ),
            Wording.Milliseconds(primary.Maximum),
        ];
    }

    private static IEnumerable<string> Others(CellAnalysis cell, ScenarioAnalysis scenario, Measure[] measures) =>
        measures
            .Skip(1)
            .Select(measure =>
                cell.Distributions.GetValueOrDefault(measure) is { } other ? Wording.Milliseconds(other.Median) : "-"
            )
            .Concat(scenario.Scenario.Decides ? [Numbers.Whole(cell.Outcomes.Counted)] : Array.Empty<string>());

    private static ReportBlock.Table Outcomes(ScenarioAnalysis scenario) =>
        new(
            ["method", "not freed", ">missed", ">exited", "torn down by", "CPU % v/k/t"],
            [
                .. scenario.Cells.Select(cell =>
                    Row(
                        cell,
                        [
                            Wording.Rate(cell.Outcomes.NotFreed, cell.Outcomes.Counted, cell.Outcomes.NotFreedRate),
                            OfCounted(cell.Outcomes.Missed, cell.Outcomes),
                            OfCounted(cell.Outcomes.Exited, cell.Outcomes),
                            Wording.Teardown(cell),
                            Wording.Cpu(cell.Cpu),
                        ]
                    )
                ),
            ]
        );

    private static ReportBlock.Table Noted(ScenarioAnalysis scenario) =>
        new(
            ["method", "kernel", ">median", "[range]", ">n"],
            [
                .. scenario.Noted.SelectMany(measure =>
                    measure.Cells.Select(values => new TableRow(
                        $"{measure.Name}, {NotedUnit.Shown(measure.Unit)}",
                        [
                            values.Cell.Method,
                            values.Cell.Approach,
                            NotedUnit.Value(values.Median, measure.Unit),
                            $"[{NotedUnit.Value(values.Least, measure.Unit)}, {NotedUnit.Value(values.Greatest, measure.Unit)}]",
                            $"{Numbers.Whole(values.Count)}/{Numbers.Whole(values.Counted)}",
                        ]
                    ))
                ),
            ],
            "measure"
        );

    private static IEnumerable<string> MissNotes(ScenarioAnalysis scenario)
    {
        var missing = scenario
            .Cells.Where(cell => cell.Outcomes.Missed > 0)
            .Select(cell =>
                $"{cell.Cell.Method} on {cell.Cell.Approach} "
                + Wording.Rate(cell.Outcomes.Missed, cell.Outcomes.Counted, cell.Outcomes.MissedRate)
            )
            .ToList();
        return missing.Count == 0
            ? []
            :
            [
                $"Came too late to reap (ESRCH or EBUSY; these trials count like the others): {string.Join(", ", missing)}.",
            ];
    }

    private static string OfCounted(int count, OutcomeCounts outcomes) =>
        outcomes.Counted == 0 ? "-" : $"{Numbers.Whole(count)}/{Numbers.Whole(outcomes.Counted)}";

    private static string OutsideStatistics(ScenarioAnalysis scenario)
    {
        (string Name, Func<OutcomeCounts, int> Count)[] kinds =
        [
            ("warm-up", outcomes => outcomes.WarmUp),
            ("bad set-up", outcomes => outcomes.BadSetup),
            ("crash", outcomes => outcomes.Crashed),
            ("hang", outcomes => outcomes.Hung),
            ("host trouble", outcomes => outcomes.Infrastructure),
            ("unsupported", outcomes => outcomes.Unsupported),
        ];
        return "Rows outside the statistics: "
            + string.Join(", ", kinds.Select(kind => $"{kind.Name} {Numbers.Whole(Total(kind.Count))}"))
            + ".";

        int Total(Func<OutcomeCounts, int> count) => scenario.Cells.Sum(cell => count(cell.Outcomes));
    }

    private static TableRow Row(CellAnalysis cell, IReadOnlyList<string> fields) =>
        new(cell.Cell.Approach, [cell.Cell.Method, .. fields]);
}
