// SPDX-License-Identifier: MIT
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>Everything the reports show, as numbers.</summary>
public sealed record RunAnalysis
{
    /// <summary>Where the numbers come from.</summary>
    public required RunManifest Manifest { get; init; }

    /// <summary>Blocks with at least one counted trial.</summary>
    public required int Blocks { get; init; }

    /// <summary>True under TCG: no millisecond may be cited.</summary>
    public required bool IsEmulated { get; init; }

    /// <summary>Scenarios with trials, in the run's order.</summary>
    public required IReadOnlyList<ScenarioAnalysis> Scenarios { get; init; }

    /// <summary>Comparisons across kernels and the controls.</summary>
    public required IReadOnlyList<Contrast> AcrossKernels { get; init; }

    /// <summary>What observing costs.</summary>
    public required IReadOnlyList<ObserverCost> ObserverCosts { get; init; }

    /// <summary>What must be read with care.</summary>
    public required IReadOnlyList<Caution> Cautions { get; init; }

    /// <summary>True when there are enough blocks for verdicts.</summary>
    public bool HasVerdicts => Blocks >= AnalysisRules.LeastBlocksForVerdict;
}
