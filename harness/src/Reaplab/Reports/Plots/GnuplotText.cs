// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Reports.Figures;

namespace Reaplab.Reports.Plots;

/// <summary>What every gnuplot script starts and ends with, and how text and numbers are written in one.</summary>
internal static class GnuplotText
{
    /// <summary>Dash patterns in the order of <see cref="SeriesStyle.Dash"/>; lengths in line widths.</summary>
    private static readonly string[] Dashes = ["solid", "(3,3)", "(12,5)", "(12,4,2,4)", "(22,6)"];

    /// <summary>gnuplot's numbers of filled shapes that keep their form when small: ball, square, triangles, diamond.</summary>
    private static readonly int[] Shapes = [7, 5, 9, 11, 13, 4, 6];

    /// <summary>
    /// "reset session" because one gnuplot draws all figures in turn. Names hold underscores, which are no subscripts: hence
    /// "noenhanced" with each terminal.
    /// </summary>
    public static string Head(Figure figure) =>
        $"""
            # SPDX-License-Identifier: MIT
            # Draws {figure.Name}.svg and {figure.Name}.png: run "gnuplot {figure.Name}.gp" in this folder.
            reset session
            set encoding utf8
            data = "{figure.Name}.dat"
            set border 3 linecolor rgb "#404040"
            set tics nomirror out
            set grid xtics ytics linecolor rgb "#d8d8d8" linetype 1 linewidth 0.7
            set tmargin 4
            set label 1001 {Quote(figure.Title)} at screen 0.5, screen 1 offset 0, -1.2 center font "DejaVu Sans Bold,"
            set label 1002 {Quote(figure.Note)} at screen 0.5, screen 1 offset 0, -2.5 center

            """;

    /// <summary>The plot command, and the same plot once more for the other file.</summary>
    public static string Plot(Figure figure, IEnumerable<string> elements, int width, int height) =>
        $"""
            set terminal svg noenhanced size {width},{height} font "DejaVu Sans,12" background "#ffffff"
            set output "../{figure.Name}.svg"
            plot {string.Join(", \\\n     ", elements)}
            set terminal pngcairo noenhanced size {width},{height} font "DejaVu Sans,10" background "#ffffff"
            set output "../{figure.Name}.png"
            replot
            set output

            """;

    /// <summary>Label, range and scale of an axis.</summary>
    /// <param name="name">x or y.</param>
    /// <param name="axis">The axis.</param>
    public static string Axis(string name, Axis axis)
    {
        var text = $"set {name}label {Quote(axis.Label)}\nset {name}range [{Number(axis.Low)}:{Number(axis.High)}]\n";
        return axis.IsLogarithmic
            ? $"{text}set logscale {name}\nset {name}tics ({string.Join(", ", LogTicks.Between(axis.Low, axis.High).Select(Number))})\n"
            : text;
    }

    public static string Dash(SeriesStyle style) =>
        Dashes[style.Dash] == "solid" ? "dashtype solid" : $"dashtype {Dashes[style.Dash]}";

    public static int Shape(SeriesStyle style) => Shapes[style.Point];

    public static string Number(double value) => value.ToString("G9", CultureInfo.InvariantCulture);

    /// <summary>A string in double quotes, in which gnuplot reads backslashes.</summary>
    public static string Quote(string text) =>
        "\""
        + text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
        + "\"";
}
