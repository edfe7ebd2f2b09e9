// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Figures;

/// <summary>An axis of a figure.</summary>
/// <param name="Label">What it shows, with its unit.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="IsLogarithmic">True for a logarithmic scale; both ends are then greater than 0.</param>
public sealed record Axis(string Label, double Low, double High, bool IsLogarithmic);
