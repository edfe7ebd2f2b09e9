// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>What only a scenario or some methods measure, noted beside the times that every trial has.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Unit of its values, as noted.</param>
/// <param name="Cells">The cells that have it, in the run's order.</param>
public sealed record NotedMeasure(string Name, string Unit, IReadOnlyList<NotedValues> Cells);
