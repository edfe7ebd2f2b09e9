// SPDX-License-Identifier: MIT
using Reaplab.Reports.Figures;
using ScottPlot;

namespace Reaplab.ScottPlots;

/// <summary>Curves with their bands and the marks where waiting stopped.</summary>
internal static class CurveDrawing
{
    private const int PlotHeight = 530;

    /// <summary>A line of the legend, which stands below the plot so that it covers no curve.</summary>
    private const int LegendLine = 24;

    private const int MarksPerCurve = 6;

    /// <summary>Adds the figure to an empty plot.</summary>
    /// <returns>The height it needs, in pixels.</returns>
    public static int Draw(Plot plot, CurveFigure figure)
    {
        foreach (var curve in figure.Curves.Where(curve => curve.Band.Count > 0))
        {
            var band = plot.Add.FillY(
                [.. curve.Band.Select(point => Look.Position(figure.X, point.X))],
                [.. curve.Band.Select(point => point.Low)],
                [.. curve.Band.Select(point => point.High)]
            );
            band.FillColor = Look.Colour(curve.Style).WithOpacity(0.12);
            band.LineWidth = 0;
        }

        for (var i = 0; i < figure.Curves.Count; i++)
        {
            AddCurve(plot, figure, i);
        }

        plot.XLabel(figure.X.Label);
        plot.YLabel(figure.Y.Label);
        Look.Apply(plot.Axes.Bottom, figure.X);
        plot.Axes.SetLimits(
            Look.Position(figure.X, figure.X.Low),
            Look.Position(figure.X, figure.X.High),
            figure.Y.Low,
            figure.Y.High
        );
        plot.ShowLegend(Edge.Bottom);
        return PlotHeight + (LegendLine * figure.Curves.Count);
    }

    private static void AddCurve(Plot plot, CurveFigure figure, int index)
    {
        var curve = figure.Curves[index];
        var line = plot.Add.Scatter(
            curve.Points.Select(point => Look.Position(figure.X, point.X)).ToArray(),
            curve.Points.Select(point => point.Y).ToArray(),
            Look.Colour(curve.Style)
        );
        line.LineWidth = 1.8f;
        line.LinePattern = Look.Dash(curve.Style);
        line.MarkerSize = 0;

        // A few marks for each curve, shifted against those of the others so that they don't hide each other. They carry
        // the legend too.
        var every = Math.Max(1, curve.Points.Count / MarksPerCurve);
        var start = every * (index + 1) / (figure.Curves.Count + 1);
        CurvePoint[] marked = [.. curve.Points.Skip(start).Where((_, i) => i % every == 0)];
        var marks = plot.Add.Scatter(
            marked.Select(point => Look.Position(figure.X, point.X)).ToArray(),
            marked.Select(point => point.Y).ToArray(),
            Look.Colour(curve.Style)
        );
        marks.LineWidth = 0;
        marks.MarkerSize = 8;
        marks.MarkerShape = Look.Shape(curve.Style);
        marks.LegendText = curve.Label;

        if (curve.CensoredAt is { } end)
        {
            plot.Add.Marker(Look.Position(figure.X, end.X), end.Y, MarkerShape.Eks, size: 14, Look.Colour(curve.Style));
        }
    }
}
