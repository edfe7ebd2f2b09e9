// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>What a series costs those who don't use it.</summary>
/// <param name="Subject">The series, and its size.</param>
/// <param name="Operations">Its times, in the order of measuring; empty where no block is whole.</param>
public sealed record SeriesCost(CostSubject Subject, IReadOnlyList<OperationCost> Operations);
