// SPDX-License-Identifier: MIT
using Reaplab.Reports.Figures;

namespace Reaplab.Reports.Plots;

/// <summary>A figure as a gnuplot script and its data file.</summary>
/// <param name="Commands">The script; run in the folder of the data, it writes into the folder above.</param>
/// <param name="Data">The data, one block per series.</param>
internal sealed record GnuplotScript(string Commands, string Data)
{
    public static GnuplotScript Of(Figure figure) =>
        figure switch
        {
            CurveFigure curves => new GnuplotCurves(curves).Script(),
            IntervalFigure intervals => new GnuplotIntervals(intervals).Script(),
            MatrixFigure matrix => new GnuplotMatrix(matrix).Script(),
            _ => throw new ArgumentOutOfRangeException(nameof(figure), figure, "not drawn"),
        };
}
