// SPDX-License-Identifier: MIT
using Reaplab.Analysis;

namespace Reaplab.Reports.Figures;

/// <summary>All methods against all scenarios in one picture: what a whole debate comes to.</summary>
internal static class MatrixBuilder
{
    private const string Legend =
        "ratio to the reference in the same kernel; < it never freed, > the method never freed, - neither did; "
        + "blue sooner, orange later, white: same, inconclusive or not decided";

    /// <summary>The figure, or null where there is nothing to set side by side.</summary>
    /// <param name="analysis">The run.</param>
    /// <param name="note">Second line above the plot.</param>
    public static MatrixFigure? Build(RunAnalysis analysis, string note)
    {
        var scenarios = analysis.Scenarios.Where(scenario => Wording.PrimaryContrasts(scenario).Any()).ToList();
        var approaches = analysis.Manifest.Kernels.Select(kernel => kernel.Approach).ToList();
        var methods = analysis.Manifest.Methods.Select(method => method.Name).ToList();
        // No scenario has them all, so the run's order has to be made again.
        var subjects = scenarios
            .SelectMany(Wording.PrimaryContrasts)
            .Select(contrast => (contrast.Subject.Approach, contrast.Subject.Method))
            .Distinct()
            .OrderBy(subject => approaches.IndexOf(subject.Approach))
            .ThenBy(subject => methods.IndexOf(subject.Method))
            .ToList();
        return scenarios.Count * subjects.Count < 2
            ? null
            : new MatrixFigure(
                "overview",
                "Time until 90 % of the memory is free, relative to plain kill (or from decision to kill, to another killer)",
                note,
                Legend,
                [.. scenarios.Select(Wording.Group)],
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
