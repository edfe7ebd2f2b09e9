// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Document;

namespace Reaplab.Reports.Sections;

/// <summary>Comparisons across kernels, and the controls.</summary>
internal static class KernelSection
{
    public static IEnumerable<ReportBlock> Build(RunAnalysis analysis)
    {
        var shared = analysis
            .Scenarios.Where(scenario => scenario.Scenario.Name == AnalysisRules.SharedScenario)
            .SelectMany(Wording.PrimaryContrasts)
            .ToList();
        if (analysis.AcrossKernels.Count + shared.Count == 0)
        {
            yield break;
        }

        yield return new ReportBlock.Heading(2, "Across kernels, and controls");
        (ContrastKind Kind, string Text)[] parts =
        [
            (
                ContrastKind.NoiseFloor,
                "Noise floor: noop, whose series changes no behaviour, against stock. Nothing smaller than this can be "
                    + "seen between two kernels."
            ),
            (
                ContrastKind.PatchCost,
                "What a series costs those who don't use it: the reference method in its kernel against stock's."
            ),
            (
                ContrastKind.Control,
                "Control: a victim in the v2 freezer dies as usual, so each cell must equal the same cell of idle."
            ),
        ];
        foreach (var (kind, text) in parts)
        {
            var contrasts = analysis.AcrossKernels.Where(contrast => contrast.Kind == kind).ToList();
            if (contrasts.Count > 0)
            {
                yield return new ReportBlock.Prose(text);
                yield return Table(contrasts);
            }
        }

        if (shared.Count > 0)
        {
            yield return new ReportBlock.Prose(
                "Control: shared memory is not freed by reaping, so each method must equal kill."
            );
            yield return Table(shared);
        }
    }

    private static ReportBlock.Table Table(IReadOnlyList<Contrast> contrasts) =>
        new(
            ["scenario", "method", ">ratio", IntervalHead.Of(contrasts), "verdict"],
            [
                .. contrasts
                    .OrderBy(contrast => contrast.Subject.Approach, StringComparer.Ordinal)
                    .Select(contrast => new TableRow(
                        contrast.Subject.Approach,
                        [
                            contrast.Subject.Scenario,
                            contrast.Subject.Method,
                            Wording.Ratio(contrast),
                            Wording.RatioInterval(contrast),
                            Wording.VerdictOf(contrast),
                        ]
                    )),
            ]
        );
}
