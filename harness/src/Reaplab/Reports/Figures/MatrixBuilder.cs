// SPDX-License-Identifier: MIT
using Reaplab.Analysis;

namespace Reaplab.Reports.Figures;

/// <summary>All methods against all scenarios in one picture: what a whole debate comes to.</summary>
internal static class MatrixBuilder
{
    private const string Legend =
        "ratio to kill in the same kernel; < kill never freed, > the method never freed, - neither did; "
        + "blue sooner, orange later, white: same, inconclusive or not decided";

    /// <summary>The figure, or null where there is nothing to set side by side.</summary>
    /// <param name="analysis">The run.</param>
    /// <param name="note">Second line above the plot.</param>
    public static MatrixFigure? Build(RunAnalysis analysis, string note)
    {
        // The time from decision to kill is another question than the time until memory is free.
        var scenarios = analysis
            .Scenarios.Where(scenario =>
                scenario.Primary == Measure.MemoryGone && Wording.PrimaryContrasts(scenario).Any()
            )
            .ToList();
        var subjects = scenarios
            .SelectMany(Wording.PrimaryContrasts)
            .Select(contrast => (contrast.Subject.Approach, contrast.Subject.Method))
            .Distinct()
            .ToList();
        return scenarios.Count * subjects.Count < 2
            ? null
            : new MatrixFigure(
                "overview",
                "Time until 90 % of the memory is free, relative to plain kill",
                note,
                Legend,
                [.. scenarios.Select(scenario => scenario.Scenario.Name)],
                [
                    .. subjects.Select(subject => new MatrixRow(
                        $"{subject.Approach} / {subject.Method}",
                        [.. scenarios.Select(scenario => Cell(scenario, subject.Approach, subject.Method))]
                    )),
                ]
            );
    }

    private static MatrixCell? Cell(ScenarioAnalysis scenario, string approach, string method)
    {
        if (scenario.Find(approach, method)?.Contrasts.GetValueOrDefault(scenario.Primary) is not { } contrast)
        {
            return null;
        }

        var isOpen =
            contrast.Bound == RatioBound.Unknown
            || contrast.Verdict is Verdict.Same or Verdict.Inconclusive or Verdict.NotDecided;
        return isOpen
            ? new MatrixCell(Wording.Ratio(contrast), RatioColour.None, RatioColour.Text)
            : new MatrixCell(
                Wording.Ratio(contrast),
                RatioColour.Ground(contrast.Ratio),
                RatioColour.On(contrast.Ratio)
            );
    }
}
