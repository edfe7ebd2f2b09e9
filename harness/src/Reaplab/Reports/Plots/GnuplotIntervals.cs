// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using Reaplab.Analysis;
using Reaplab.Reports.Figures;

namespace Reaplab.Reports.Plots;

/// <summary>Dots with intervals as a gnuplot script: a row each, under a heading per group.</summary>
internal sealed class GnuplotIntervals(IntervalFigure figure)
{
    private const int RowHeight = 19;

    /// <summary>Height of titles, axis and margins.</summary>
    private const int FrameHeight = 130;

    /// <summary>Width beside the labels.</summary>
    private const int PlotWidth = 720;

    /// <summary>gnuplot's unit of margins and offsets, wider than the average character of a label.</summary>
    private const double MarginUnit = 8.2;

    private const double CharacterWidth = 7;

    /// <summary>A row stands in under its heading.</summary>
    private const int Indent = 2;

    private readonly IReadOnlyList<(IntervalRow? Row, string Label)> _lines =
    [
        .. figure
            .Rows.GroupBy(row => row.Group)
            .SelectMany(group =>
                group.Select(row => ((IntervalRow?)row, row.Label)).Prepend(((IntervalRow?)null, group.Key))
            ),
    ];

    public GnuplotScript Script()
    {
        var script = new StringBuilder(GnuplotText.Head(figure));
        // 32 units are what the names of a few methods take, so that small plots look alike.
        var labels = Math.Max(
            32,
            Indent + (int)Math.Ceiling(_lines.Max(line => line.Label.Length) * CharacterWidth / MarginUnit)
        );
        script.Append(GnuplotText.Axis("x", figure.X));
        script.Append(
            CultureInfo.InvariantCulture,
            $"""
            unset key
            set yrange [{_lines.Count}.7:0.3]
            set grid xtics noytics
            unset ytics
            set lmargin {labels + 2}
            set object 1 rectangle from {GnuplotText.Number(figure.MarginLow)}, graph 0 to {GnuplotText.Number(
                figure.MarginHigh
            )}, graph 1 behind fillcolor rgb "#e8e8e8" fillstyle solid noborder
            set arrow from 1, graph 0 to 1, graph 1 nohead linecolor rgb "#404040"

            """
        );
        for (var i = 0; i < _lines.Count; i++)
        {
            // Labels stand left of the axis, which has no room of its own for headings.
            var (row, label) = _lines[i];
            var (offset, font) = row is null
                ? (labels + 1, "DejaVu Sans Bold,")
                : (labels + 1 - Indent, "DejaVu Sans,");
            script.Append(
                CultureInfo.InvariantCulture,
                $"set label {GnuplotText.Quote(label)} at graph 0, first {i + 1} offset -{offset},0 left font \"{font}\"\n"
            );
        }

        script.Append(
            GnuplotText.Plot(
                figure,
                Elements(),
                PlotWidth + (int)((labels + 2) * MarginUnit),
                FrameHeight + (RowHeight * _lines.Count)
            )
        );
        return new GnuplotScript(script.ToString(), Data());
    }

    private IEnumerable<string> Elements()
    {
        for (var i = 0; i < figure.Rows.Count; i++)
        {
            var row = figure.Rows[i];
            var common = string.Create(
                CultureInfo.InvariantCulture,
                $"linecolor rgb \"{row.Style.Colour}\" linewidth 2"
            );
            yield return Invariant(
                $"data index {i} using 1:2:3:4:2:2 with xyerrorbars {common} pointtype {GnuplotText.Shape(row.Style)} pointsize 1.1"
            );
            if (row.Bound != RatioBound.Exact)
            {
                yield return Invariant($"data index {i} using 5:2:6:7 with vectors head filled {common}");
            }
        }
    }

    /// <summary>A block per row: ratio, line, both ends, and for a bound the arrow's start and extent.</summary>
    private string Data()
    {
        var text = new StringBuilder(
            "# SPDX-License-Identifier: MIT\n# ratio line low high arrow-from arrow-x arrow-y\n"
        );
        var index = 0;
        for (var line = 0; line < _lines.Count; line++)
        {
            if (_lines[line].Row is not { } row)
            {
                continue;
            }

            var (from, to) = Arrow(row);
            text.Append(
                CultureInfo.InvariantCulture,
                $"# {index++}: {row.Group}: {row.Label}\n{GnuplotText.Number(row.Estimate)} {line + 1} "
                    + $"{GnuplotText.Number(row.Low)} {GnuplotText.Number(row.High)} "
                    + $"{GnuplotText.Number(from)} {GnuplotText.Number(to - from)} 0\n\n\n"
            );
        }

        return text.ToString();
    }

    /// <summary>An arrow a fortieth of the axis long, away from the interval, within the plot.</summary>
    private (double From, double To) Arrow(IntervalRow row)
    {
        var step = Math.Pow(figure.X.High / figure.X.Low, 1.0 / 40);
        return row.Bound switch
        {
            RatioBound.AtMost => (row.Low, Math.Max(figure.X.Low, row.Low / step)),
            RatioBound.AtLeast => (row.High, Math.Min(figure.X.High, row.High * step)),
            _ => (row.Estimate, row.Estimate),
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
