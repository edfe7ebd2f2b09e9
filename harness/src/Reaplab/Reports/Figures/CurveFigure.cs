// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Figures;

/// <summary>Curves over time.</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="Title">First line above the plot.</param>
/// <param name="Note">Second line above the plot.</param>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Curves">The curves, in the order of the legend.</param>
public sealed record CurveFigure(string Name, string Title, string Note, Axis X, Axis Y, IReadOnlyList<Curve> Curves)
    : Figure(Name, Title, Note);
