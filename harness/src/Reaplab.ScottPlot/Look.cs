// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Reports;
using Reaplab.Reports.Figures;
using ScottPlot;

namespace Reaplab.ScottPlots;

/// <summary>Styles and axes of a figure in ScottPlot's terms.</summary>
internal static class Look
{
    private static readonly LinePattern[] Dashes =
    [
        LinePattern.Solid,
        new([3, 3], 0, "dots"),
        new([12, 5], 0, "dashes"),
        new([12, 4, 2, 4], 0, "dash-dot"),
        new([22, 6], 0, "long dashes"),
    ];

    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle,
        MarkerShape.FilledSquare,
        MarkerShape.FilledTriangleUp,
        MarkerShape.FilledTriangleDown,
        MarkerShape.FilledDiamond,
        MarkerShape.OpenSquare,
        MarkerShape.OpenCircle,
    ];

    public static Color Colour(SeriesStyle style) => new(style.Colour);

    public static LinePattern Dash(SeriesStyle style) => Dashes[style.Dash];

    public static MarkerShape Shape(SeriesStyle style) => Shapes[style.Point];

    /// <summary>ScottPlot 5 has no logarithmic axis: positions are logarithms and the tick labels say what they stand for.</summary>
    public static double Position(Reports.Figures.Axis axis, double value) =>
        axis.IsLogarithmic ? Math.Log10(Math.Max(value, axis.Low)) : value;

    public static void Apply(IAxis target, Reports.Figures.Axis axis)
    {
        if (axis.IsLogarithmic)
        {
            var ticks = LogTicks.Between(axis.Low, axis.High);
            target.SetTicks(
                [.. ticks.Select(Math.Log10)],
                [.. ticks.Select(tick => tick.ToString("0.#########", CultureInfo.InvariantCulture))]
            );
        }
    }
}
