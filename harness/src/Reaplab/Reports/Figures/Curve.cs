// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Figures;

/// <summary>One curve.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Points">Its points, from left to right; steps are drawn out.</param>
public sealed record Curve(string Label, SeriesStyle Style, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Band around the curve; empty for none.</summary>
    public IReadOnlyList<BandPoint> Band { get; init; } = [];

    /// <summary>Where waiting stopped before the curve was complete, marked; null for a complete curve.</summary>
    public CurvePoint? CensoredAt { get; init; }
}
