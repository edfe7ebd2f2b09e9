// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>Turns the rows of a run, complete or not, into what the reports show.</summary>
public static class RunAnalyzer
{
    /// <summary>Analyses a run.</summary>
    /// <param name="data">Manifest and rows.</param>
    /// <exception cref="ReaplabException">Rows of different accelerators are mixed, which are never pooled.</exception>
    public static RunAnalysis Analyze(RunData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        RefuseMixedAccelerators(data);
        var manifest = data.Manifest;
        var isEmulated = manifest.Accelerator == AnalysisRules.Emulated;
        var trials = new TrialTable(data);
        var noted = new NotedMeasureReader(trials, data.Measures);
        var scenarios = manifest
            .Scenarios.Select(scenario => AnalyzeScenario(manifest, scenario, trials, isEmulated))
            .Select(analysis => analysis with { Noted = noted.Read(analysis.Cells.Select(cell => cell.Cell)) })
            .Where(analysis => analysis.Cells.Count > 0)
            .ToList();
        var acrossKernels = new KernelComparison(manifest, trials, isEmulated).Compare(scenarios);
        return new RunAnalysis
        {
            Manifest = manifest,
            Blocks = data.Trials.Where(trials.Counts).Select(row => row.Block).Distinct().Count(),
            IsEmulated = isEmulated,
            Scenarios = scenarios,
            AcrossKernels = acrossKernels,
            ObserverCosts = ObserverCostCalculator.Calculate(
                trials,
                scenarios.SelectMany(analysis => analysis.Cells).Select(cell => cell.Cell)
            ),
            Cautions = CautionFinder.Find(manifest, scenarios, acrossKernels, trials),
        };
    }

    private static void RefuseMixedAccelerators(RunData data)
    {
        var stranger = data.Trials.FirstOrDefault(row => row.Accelerator != data.Manifest.Accelerator);
        if (stranger is not null)
        {
            throw new ReaplabException(
                $"run {data.Manifest.Run}: block {stranger.Block}, slot {stranger.Slot} ran under "
                    + $"{stranger.Accelerator}, the manifest says {data.Manifest.Accelerator}; results of different "
                    + "accelerators are never pooled: keep them in runs of their own",
                ExitCode.Usage
            );
        }
    }

    private static ScenarioAnalysis AnalyzeScenario(
        RunManifest manifest,
        ScenarioManifest scenario,
        TrialTable trials,
        bool isEmulated
    )
    {
        var primary = scenario.Decides ? Measure.Decision : Measure.MemoryGone;
        var cells = InOrder(manifest, scenario.Name, trials);
        Measure[] measures =
        [
            primary,
            Measure.MemoryFirst,
            Measure.MemoryEnd,
            Measure.ProcessGone,
            .. (Measure[])(scenario.Usable ? [Measure.Usable] : []),
        ];
        var analyses = cells.Select(cell => CellAnalyzer.Analyze(trials, cell, measures, manifest.Seed)).ToList();
        Measure[] compared = [primary, .. (Measure[])(scenario.Usable ? [Measure.Usable] : [])];
        var contrasts = compared
            .SelectMany(measure => CompareMethods(manifest, trials, cells, measure, scenario, isEmulated))
            .ToLookup(contrast => contrast.Subject);
        return new ScenarioAnalysis(
            scenario,
            primary,
            [
                .. analyses.Select(cell =>
                    cell with
                    {
                        Contrasts = contrasts[cell.Cell].ToDictionary(contrast => contrast.Measure),
                    }
                ),
            ]
        );
    }

    private static IReadOnlyList<Contrast> CompareMethods(
        RunManifest manifest,
        TrialTable trials,
        List<Cell> cells,
        Measure measure,
        ScenarioManifest scenario,
        bool isEmulated
    )
    {
        var references = manifest.Methods.ToDictionary(method => method.Name, method => method.Reference);
        var family = cells
            .Select(cell =>
                references.GetValueOrDefault(cell.Method, "") is { Length: > 0 } reference && reference != cell.Method
                    ? ContrastCalculator.Compare(
                        trials,
                        ContrastKind.Method,
                        measure,
                        cell,
                        cell with
                        {
                            Method = reference,
                        }
                    )
                    : null
            )
            .OfType<Contrast>()
            .ToList();
        return ContrastCalculator.Judge(family, manifest.Margin, !isEmulated || scenario.DecidedUnderEmulation);
    }

    private static List<Cell> InOrder(RunManifest manifest, string scenario, TrialTable trials)
    {
        var approaches = manifest.Kernels.Select(kernel => kernel.Approach).ToList();
        var methods = manifest.Methods.Select(method => method.Name).ToList();
        return trials
            .Cells.Where(cell => cell.Scenario == scenario)
            .OrderBy(cell => Position(approaches, cell.Approach))
            .ThenBy(cell => Position(methods, cell.Method))
            .ThenBy(cell => cell.Approach, StringComparer.Ordinal)
            .ThenBy(cell => cell.Method, StringComparer.Ordinal)
            .ToList();
    }

    private static int Position(List<string> names, string name)
    {
        var index = names.IndexOf(name);
        return index < 0 ? int.MaxValue : index;
    }
}
