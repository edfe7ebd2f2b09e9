// SPDX-License-Identifier: MIT
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>The cells of one scenario.</summary>
/// <param name="Scenario">The scenario as the run recorded it.</param>
/// <param name="Primary">The measure its verdicts rest on.</param>
/// <param name="Cells">Its cells, in the run's order of kernels and methods.</param>
public sealed record ScenarioAnalysis(ScenarioManifest Scenario, Measure Primary, IReadOnlyList<CellAnalysis> Cells)
{
    /// <summary>What its trials noted beside the times.</summary>
    public IReadOnlyList<NotedMeasure> Noted { get; init; } = [];

    /// <summary>The cell of an approach and a method, or null.</summary>
    public CellAnalysis? Find(string approach, string method) =>
        Cells.FirstOrDefault(cell => cell.Cell.Approach == approach && cell.Cell.Method == method);
}
