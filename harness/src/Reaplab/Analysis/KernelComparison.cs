// SPDX-License-Identifier: MIT
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>Comparisons between kernels, and the controls: what shows whether the measuring itself can be believed.</summary>
internal sealed class KernelComparison(RunManifest manifest, TrialTable trials, bool isEmulated)
{
    public IReadOnlyList<Contrast> Compare(IReadOnlyList<ScenarioAnalysis> scenarios) =>
        [.. scenarios.SelectMany(AgainstStock), .. FrozenAgainstIdle(scenarios), .. SharedAgainstKill(scenarios)];

    /// <summary>The reference method of each kernel against the same of stock, in the scenarios where both were run.</summary>
    private IReadOnlyList<Contrast> AgainstStock(ScenarioAnalysis analysis)
    {
        var references = manifest
            .Methods.Where(method => method.Reference.Length == 0)
            .Select(method => method.Name)
            .ToHashSet(StringComparer.Ordinal);
        var all = analysis
            .Cells.Select(cell => cell.Cell)
            .Where(cell => cell.Approach != AnalysisRules.Stock && references.Contains(cell.Method))
            .Select(cell =>
                ContrastCalculator.Compare(
                    trials,
                    cell.Approach == AnalysisRules.Noop ? ContrastKind.NoiseFloor : ContrastKind.PatchCost,
                    analysis.Primary,
                    cell,
                    cell with
                    {
                        Approach = AnalysisRules.Stock,
                    }
                )
            )
            .OfType<Contrast>()
            .ToList();

        // Layout is what two kernels differ in, and emulation has no caches for it to matter to. That two kernels behave
        // alike can be judged all the same: it is a question about the measuring.
        return
        [
            .. Judge(all, ContrastKind.NoiseFloor, isDecidable: true),
            .. Judge(all, ContrastKind.PatchCost, isDecidable: !isEmulated),
        ];
    }

    private IReadOnlyList<Contrast> Judge(IEnumerable<Contrast> all, ContrastKind kind, bool isDecidable) =>
        ContrastCalculator.Judge([.. all.Where(contrast => contrast.Kind == kind)], manifest.Margin, isDecidable);

    private IReadOnlyList<Contrast> FrozenAgainstIdle(IReadOnlyList<ScenarioAnalysis> scenarios)
    {
        var frozen = scenarios.FirstOrDefault(analysis => analysis.Scenario.Name == AnalysisRules.FrozenV2Scenario);
        var family = (frozen?.Cells ?? [])
            .Select(cell =>
                ContrastCalculator.Compare(
                    trials,
                    ContrastKind.Control,
                    Measure.MemoryGone,
                    cell.Cell,
                    cell.Cell with
                    {
                        Scenario = AnalysisRules.IdleScenario,
                    }
                )
            )
            .OfType<Contrast>()
            .ToList();
        return ContrastCalculator.Judge(family, manifest.Margin, isDecidable: true);
    }

    /// <summary>The scenario's own comparisons once more, judged as a control: under emulation too.</summary>
    private IReadOnlyList<Contrast> SharedAgainstKill(IReadOnlyList<ScenarioAnalysis> scenarios) =>
        ContrastCalculator.Judge(
            [
                .. scenarios
                    .Where(analysis => analysis.Scenario.Name == AnalysisRules.SharedScenario)
                    .SelectMany(analysis => analysis.Cells)
                    .SelectMany(cell => cell.Contrasts.Values)
                    .Where(contrast => contrast.Measure == Measure.MemoryGone)
                    .Select(contrast => contrast with { Kind = ContrastKind.Control }),
            ],
            manifest.Margin,
            isDecidable: true
        );
}
