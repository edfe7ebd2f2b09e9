// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Document;

namespace Reaplab.Reports.Sections;

/// <summary>Comparisons across kernels, and the controls.</summary>
internal static class KernelSection
{
    public static IEnumerable<ReportBlock> Build(RunAnalysis analysis)
    {
        if (analysis.AcrossKernels.Count == 0)
        {
            yield break;
        }

        yield return new ReportBlock.Heading(2, "Across kernels, and controls");
        (string Text, Func<Contrast, bool> Belongs)[] parts =
        [
            (
                "Noise floor: noop, whose series changes no behaviour, against stock. Nothing smaller than this can be "
                    + "seen between two kernels.",
                contrast => contrast.Kind == ContrastKind.NoiseFloor
            ),
            (
                "What a series costs those who don't use it: the reference method in its kernel against stock's.",
                contrast => contrast.Kind == ContrastKind.PatchCost
            ),
            (
                "Control: a victim in the v2 freezer dies as usual, so each cell must equal the same cell of idle.",
                contrast => IsControl(contrast, AnalysisRules.FrozenV2Scenario)
            ),
            (
                "Control: shared memory is not freed by reaping, so each method must equal kill.",
                contrast => IsControl(contrast, AnalysisRules.SharedScenario)
            ),
        ];
        foreach (var (text, belongs) in parts)
        {
            var contrasts = analysis.AcrossKernels.Where(belongs).ToList();
            if (contrasts.Count > 0)
            {
                yield return new ReportBlock.Prose(text);
                yield return Table(contrasts);
            }
        }

        if (analysis.IsEmulated)
        {
            yield return new ReportBlock.Prose(
                "Noise floor and controls are judged under emulation too: they ask whether the measuring can be believed."
            );
        }
    }

    private static bool IsControl(Contrast contrast, string scenario) =>
        contrast.Kind == ContrastKind.Control && contrast.Subject.Scenario == scenario;

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
