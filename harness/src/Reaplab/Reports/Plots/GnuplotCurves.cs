// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using Reaplab.Reports.Figures;

namespace Reaplab.Reports.Plots;

/// <summary>Curves as a gnuplot script.</summary>
internal sealed class GnuplotCurves(CurveFigure figure)
{
    private const int Width = 1000;

    /// <summary>Height of the plot with its titles and axes; the legend adds a line for two curves.</summary>
    private const int PlotHeight = 530;

    /// <summary>A line of the font below with its leading, in pixels.</summary>
    private const int LegendLine = 18;

    private const int MarksPerCurve = 6;

    /// <summary>Two labels of this many letters fill the width of the plot.</summary>
    private const int LongLabel = 58;

    private int LegendLines =>
        figure.Curves.Any(curve => curve.Label.Length > LongLabel)
            ? figure.Curves.Count
            : (figure.Curves.Count + 1) / 2;

    private int Height => PlotHeight + (LegendLine * LegendLines);

    public GnuplotScript Script()
    {
        var script = new StringBuilder(GnuplotText.Head(figure));
        script.Append(GnuplotText.Axis("x", figure.X)).Append(GnuplotText.Axis("y", figure.Y));
        // Below the plot, so that it never covers a curve.
        script.Append(
            CultureInfo.InvariantCulture,
            $"set bmargin {LegendLines + 5}\nset key at screen 0.5, screen 0.01 center bottom vertical maxrows {LegendLines} Left reverse samplen 5\n"
        );
        script.Append("set style fill transparent solid 0.12 noborder\n");
        script.Append(GnuplotText.Plot(figure, Elements(), Width, Height));
        return new GnuplotScript(script.ToString(), Data());
    }

    private IEnumerable<string> Elements()
    {
        foreach (var (curve, index) in figure.Curves.Select((curve, index) => (curve, index)).Where(HasBand))
        {
            yield return $"data index {Index(index)} using 1:3:4 with filledcurves "
                + $"linecolor rgb \"{curve.Style.Colour}\" notitle";
        }

        foreach (var (curve, index) in figure.Curves.Select((curve, index) => (curve, index)))
        {
            var source = $"data index {Index(index)}";
            var look = $"linewidth 1.8 linecolor rgb \"{curve.Style.Colour}\" {GnuplotText.Dash(curve.Style)}";
            var point = $"pointtype {Index(GnuplotText.Shape(curve.Style))} pointsize 0.9";
            yield return $"{source} using 1:2 with lines {look} notitle";

            // A few marks for each curve, shifted against those of the others so that they don't hide each other.
            var every = Math.Max(1, curve.Points.Count / MarksPerCurve);
            var start = every * (index + 1) / (figure.Curves.Count + 1);
            yield return $"{source} using 1:2 every {Index(every)}::{Index(start)} with points {point} "
                + $"linecolor rgb \"{curve.Style.Colour}\" notitle";
            yield return $"keyentry with linespoints {look} {point} title {GnuplotText.Quote(curve.Label)}";
        }

        foreach (var curve in figure.Curves.Where(curve => curve.CensoredAt is not null))
        {
            yield return $"data index {Index(figure.Curves.Count + CensoredIndex(curve))} using 1:2 with points "
                + $"linecolor rgb \"{curve.Style.Colour}\" pointtype 2 pointsize 1.8 linewidth 2 notitle";
        }
    }

    private int CensoredIndex(Curve curve) =>
        figure.Curves.Where(other => other.CensoredAt is not null).ToList().IndexOf(curve);

    private static bool HasBand((Curve Curve, int Index) entry) => entry.Curve.Band.Count > 0;

    private static string Index(int index) => index.ToString(CultureInfo.InvariantCulture);

    /// <summary>One block per curve, parted by two empty lines, then one per mark of a censored curve.</summary>
    private string Data()
    {
        var text = new StringBuilder("# SPDX-License-Identifier: MIT\n");
        foreach (var curve in figure.Curves)
        {
            text.Append(CultureInfo.InvariantCulture, $"# {curve.Label}\n");
            for (var i = 0; i < curve.Points.Count; i++)
            {
                var (x, y) = curve.Points[i];
                text.Append(CultureInfo.InvariantCulture, $"{GnuplotText.Number(x)} {GnuplotText.Number(y)}");
                if (curve.Band.Count > 0)
                {
                    var (_, low, high) = curve.Band[i];
                    text.Append(CultureInfo.InvariantCulture, $" {GnuplotText.Number(low)} {GnuplotText.Number(high)}");
                }

                text.Append('\n');
            }

            text.Append("\n\n");
        }

        foreach (var (x, y) in figure.Curves.Select(curve => curve.CensoredAt).OfType<CurvePoint>())
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"# waiting stopped here\n{GnuplotText.Number(x)} {GnuplotText.Number(y)}\n\n\n"
            );
        }

        return text.ToString();
    }
}
