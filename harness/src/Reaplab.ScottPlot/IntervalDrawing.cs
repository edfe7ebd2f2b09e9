// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Figures;
using ScottPlot;

namespace Reaplab.ScottPlots;

/// <summary>Dots with intervals, a row each under a heading per group.</summary>
internal static class IntervalDrawing
{
    private const int RowHeight = 19;

    private const int Frame = 120;

    /// <summary>Adds the figure to an empty plot.</summary>
    /// <returns>The height it needs, in pixels.</returns>
    public static int Draw(Plot plot, IntervalFigure figure)
    {
        plot.Add.HorizontalSpan(
            Look.Position(figure.X, figure.MarginLow),
            Look.Position(figure.X, figure.MarginHigh),
            Colors.Gray.WithOpacity(0.2)
        );
        plot.Add.VerticalLine(0, width: 1, Colors.Black);
        var labels = new List<string>();
        foreach (var group in figure.Rows.GroupBy(row => row.Group))
        {
            labels.Add($"{group.Key}:");
            foreach (var row in group)
            {
                // Rows run downwards, the axis upwards.
                AddRow(plot, figure.X, row, -labels.Count);
                labels.Add(row.Label);
            }
        }

        plot.XLabel(figure.X.Label);
        Look.Apply(plot.Axes.Bottom, figure.X);
        plot.Axes.Left.SetTicks([.. labels.Select((_, line) => (double)-line)], [.. labels]);
        plot.Axes.SetLimits(
            Look.Position(figure.X, figure.X.Low),
            Look.Position(figure.X, figure.X.High),
            -labels.Count,
            1
        );
        return Frame + (RowHeight * labels.Count);
    }

    private static void AddRow(Plot plot, Reports.Figures.Axis axis, IntervalRow row, double y)
    {
        var colour = Look.Colour(row.Style);
        var (low, high) = (Look.Position(axis, row.Low), Look.Position(axis, row.High));
        var line = plot.Add.Line(low, y, high, y);
        line.Color = colour;
        line.LineWidth = 2;
        plot.Add.Marker(Look.Position(axis, row.Estimate), y, Look.Shape(row.Style), size: 9, colour);
        if (row.Bound != RatioBound.Exact)
        {
            var step = (Look.Position(axis, axis.High) - Look.Position(axis, axis.Low)) / 40;
            var arrow =
                row.Bound == RatioBound.AtMost
                    ? plot.Add.Arrow(low, y, low - step, y)
                    : plot.Add.Arrow(high, y, high + step, y);
            arrow.ArrowLineColor = colour;
            arrow.ArrowFillColor = colour;
            arrow.ArrowWidth = 2;
            arrow.ArrowheadWidth = 8;
            arrow.ArrowheadLength = 8;
        }
    }
}
