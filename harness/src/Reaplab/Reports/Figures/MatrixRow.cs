// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Figures;

/// <summary>One row of a matrix figure.</summary>
/// <param name="Label">Its name, left of the cells.</param>
/// <param name="Cells">One for each column; null where nothing was run.</param>
public sealed record MatrixRow(string Label, IReadOnlyList<MatrixCell?> Cells);
