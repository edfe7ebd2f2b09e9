// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Figures;

/// <summary>One cell of a matrix figure.</summary>
/// <param name="Text">What stands in it.</param>
/// <param name="Colour">Its ground, as #RRGGBB.</param>
/// <param name="TextColour">Its text, readable on that ground, as #RRGGBB.</param>
public sealed record MatrixCell(string Text, string Colour, string TextColour);
