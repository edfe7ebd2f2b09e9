// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using Reaplab.Reports.Figures;

namespace Reaplab.Reports.Plots;

/// <summary>Texts on coloured grounds, in rows and columns, as a gnuplot script.</summary>
internal sealed class GnuplotMatrix(MatrixFigure figure)
{
    private const int RowHeight = 24;

    private const int ColumnWidth = 72;

    /// <summary>
    /// Average width of a character of the names. gnuplot's own unit of margins is a fifth wider, and a name of wide letters
    /// is not a fifth above the average.
    /// </summary>
    private const double CharacterWidth = 7;

    private const double MarginUnit = 8.4;

    private const double LineHeight = 17;

    /// <summary>Titles above.</summary>
    private const int TitleHeight = 70;

    /// <summary>Below the column names: the legend.</summary>
    private const int LegendLines = 3;

    /// <summary>Column names stand slanted, by 30 degrees.</summary>
    private const double Slant = Math.PI / 6;

    /// <summary>The legend fits into this.</summary>
    private const int LeastWidth = 1250;

    public GnuplotScript Script()
    {
        var left = MarginUnits(Widest(figure.Rows.Select(row => row.Label)));
        var right = MarginUnits(Overhang());
        var below = LegendLines + (int)Math.Ceiling(Widest(figure.Columns) * Math.Sin(Slant) / LineHeight);
        var script = new StringBuilder(GnuplotText.Head(figure));
        script.Append(
            CultureInfo.InvariantCulture,
            $"""
            unset key
            unset grid
            unset border
            set tics scale 0
            set xrange [0:{figure.Columns.Count}]
            set yrange [{figure.Rows.Count}:0]
            set lmargin {left}
            set rmargin {right}
            set bmargin {below}
            set xtics rotate by -30 left ({Ticks(figure.Columns)})
            set ytics ({Ticks([.. figure.Rows.Select(row => row.Label)])})
            set label 1003 {GnuplotText.Quote(figure.Legend)} at screen 0.5, screen 0 offset 0, 1 center
            set style fill solid 1 border rgb "#d8d8d8"

            """
        );
        script.Append(
            GnuplotText.Plot(
                figure,
                [
                    "data using 1:2:3:4:5:6:7 with boxxyerror linecolor rgb variable",
                    "data using 1:2:9:8 with labels textcolor rgb variable",
                ],
                Math.Max(LeastWidth, (int)((left + right) * MarginUnit) + (ColumnWidth * figure.Columns.Count)),
                TitleHeight + (int)(below * LineHeight) + (RowHeight * figure.Rows.Count)
            )
        );
        return new GnuplotScript(script.ToString(), Data());
    }

    private static double Widest(IEnumerable<string> names) => names.Max(name => name.Length) * CharacterWidth;

    /// <summary>How far the slanted names of the last columns stand out to the right.</summary>
    private double Overhang() =>
        figure
            .Columns.Reverse()
            .Select((name, index) => (name.Length * CharacterWidth * Math.Cos(Slant)) - (index * ColumnWidth))
            .Max();

    private static int MarginUnits(double pixels) => (int)Math.Ceiling(pixels / MarginUnit) + 3;

    private static string Ticks(IReadOnlyList<string> names) =>
        string.Join(
            ", ",
            names.Select((name, index) => $"{GnuplotText.Quote(name)} {GnuplotText.Number(index + 0.5)}")
        );

    /// <summary>A line per cell: centre, the four edges, ground, text colour, text.</summary>
    private string Data()
    {
        var text = new StringBuilder(
            "# SPDX-License-Identifier: MIT\n# x y x-low x-high y-low y-high ground text-colour text\n"
        );
        for (var row = 0; row < figure.Rows.Count; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"# {figure.Rows[row].Label}\n");
            for (var column = 0; column < figure.Columns.Count; column++)
            {
                if (figure.Rows[row].Cells[column] is { } cell)
                {
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"{column + 0.5} {row + 0.5} {column} {column + 1} {row} {row + 1} {Colour(cell.Colour)} {Colour(cell.TextColour)} \"{cell.Text}\"\n"
                    );
                }
            }
        }

        return text.ToString();
    }

    /// <summary>gnuplot reads a variable colour as a hexadecimal number.</summary>
    private static string Colour(string colour) => "0x" + colour[1..];
}
