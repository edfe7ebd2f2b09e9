// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Figures;

/// <summary>Ratios as dots with intervals, one row each, on a logarithmic scale with a line at 1.</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="Title">First line above the plot.</param>
/// <param name="Note">Second line above the plot.</param>
/// <param name="X">Horizontal axis.</param>
/// <param name="MarginLow">Lower end of the margin within which ratios count as the same.</param>
/// <param name="MarginHigh">Its upper end.</param>
/// <param name="Rows">Rows from top to bottom.</param>
public sealed record IntervalFigure(
    string Name,
    string Title,
    string Note,
    Axis X,
    double MarginLow,
    double MarginHigh,
    IReadOnlyList<IntervalRow> Rows
) : Figure(Name, Title, Note);
