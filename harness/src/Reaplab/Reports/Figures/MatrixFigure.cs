// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Figures;

/// <summary>Short texts in rows and columns, each on a ground that says at a glance what kind of text it is.</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="Title">First line above the plot.</param>
/// <param name="Note">Second line above the plot.</param>
/// <param name="Legend">Line below the cells: what text and colours mean.</param>
/// <param name="Columns">Names of the columns from left to right.</param>
/// <param name="Rows">Rows from top to bottom.</param>
public sealed record MatrixFigure(
    string Name,
    string Title,
    string Note,
    string Legend,
    IReadOnlyList<string> Columns,
    IReadOnlyList<MatrixRow> Rows
) : Figure(Name, Title, Note);
