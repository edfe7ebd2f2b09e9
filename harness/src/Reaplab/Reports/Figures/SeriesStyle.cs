// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Figures;

/// <summary>How a series looks. Colour and point say the method, the dash says the kernel; none of them stands alone.</summary>
/// <param name="Colour">One of the colours of Okabe and Ito, as #RRGGBB.</param>
/// <param name="Dash">Number of the dash pattern, from 0 (solid).</param>
/// <param name="Point">Number of the point shape, from 0.</param>
public sealed record SeriesStyle(string Colour, int Dash, int Point)
{
    /// <summary>Dash patterns that can be told apart.</summary>
    public const int Dashes = 5;

    /// <summary>Point shapes that can be told apart.</summary>
    public const int Points = 7;
}
