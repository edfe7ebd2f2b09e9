// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>What the trials of one cell noted of one measure: described, not compared.</summary>
/// <param name="Cell">Which cell.</param>
/// <param name="Median">The median, in the measure's unit.</param>
/// <param name="Least">The least value.</param>
/// <param name="Greatest">The greatest value.</param>
/// <param name="Count">Trials that noted it; that one did not may be the result.</param>
/// <param name="Counted">Trials of the cell that count.</param>
public sealed record NotedValues(Cell Cell, double Median, double Least, double Greatest, int Count, int Counted);
