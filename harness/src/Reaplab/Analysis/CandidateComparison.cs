// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>What a series does to a kernel: every method in its kernel against the same method in stock's.</summary>
/// <param name="Analysis">The run.</param>
/// <param name="Candidate">Name of the approach in question.</param>
/// <param name="Scenarios">The comparisons.</param>
public sealed record CandidateComparison(
    RunAnalysis Analysis,
    string Candidate,
    IReadOnlyList<CandidateScenario> Scenarios
)
{
    /// <summary>Rows that make the series a step back: slower beyond the plan's margin, or memory freed less often.</summary>
    public IReadOnlyList<CandidateRow> Regressions =>
        [
            .. Scenarios
                .SelectMany(scenario => scenario.Rows)
                .Where(row => row.IsFreedLessOften || row.IsSlower(Analysis.Manifest.Margin)),
        ];

    /// <summary>Compares an approach with stock.</summary>
    /// <param name="data">The run's rows.</param>
    /// <param name="candidate">The approach.</param>
    public static CandidateComparison Compare(RunData data, string candidate)
    {
        ArgumentNullException.ThrowIfNull(data);
        var analysis = RunAnalyzer.Analyze(data);
        var trials = new TrialTable(data);
        return new CandidateComparison(
            analysis,
            candidate,
            [
                .. analysis
                    .Scenarios.Select(scenario => new CandidateScenario(
                        scenario,
                        CompareScenario(analysis, trials, scenario, candidate)
                    ))
                    .Where(scenario => scenario.Rows.Count > 0),
            ]
        );
    }

    private static IReadOnlyList<CandidateRow> CompareScenario(
        RunAnalysis analysis,
        TrialTable trials,
        ScenarioAnalysis scenario,
        string candidate
    )
    {
        var cells = scenario.Cells.Where(cell => cell.Cell.Approach == candidate).ToList();
        var family = cells
            .Where(cell => scenario.Find(AnalysisRules.Stock, cell.Cell.Method) is not null)
            .Select(cell =>
                ContrastCalculator.Compare(
                    trials,
                    ContrastKind.PatchCost,
                    scenario.Primary,
                    cell.Cell,
                    cell.Cell with
                    {
                        Approach = AnalysisRules.Stock,
                    }
                )
            )
            .OfType<Contrast>()
            .ToList();
        // Between two kernels layout differs as well, which emulation has no caches to show; what it can decide is a
        // difference that scheduling makes.
        var judged = ContrastCalculator
            .Judge(family, analysis.Manifest.Margin, !analysis.IsEmulated || scenario.Scenario.DecidedUnderEmulation)
            .ToDictionary(contrast => contrast.Subject);
        return
        [
            .. cells.Select(cell =>
                scenario.Find(AnalysisRules.Stock, cell.Cell.Method) is { } onStock
                    ? new CandidateRow(cell, onStock, judged.GetValueOrDefault(cell.Cell))
                    : new CandidateRow(cell, Base: null, cell.Contrasts.GetValueOrDefault(scenario.Primary))
            ),
        ];
    }
}
