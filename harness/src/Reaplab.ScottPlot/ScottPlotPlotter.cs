// SPDX-License-Identifier: MIT
using Reaplab.Reports.Figures;
using Reaplab.Reports.Plots;
using ScottPlot;

namespace Reaplab.ScottPlots;

/// <summary>Draws with ScottPlot 5, without any program beside the harness.</summary>
public sealed class ScottPlotPlotter : IPlotter
{
    private const int Width = 1000;

    /// <summary>A number fits into a column this wide.</summary>
    private const int ColumnWidth = 72;

    /// <summary>What the names of the rows take.</summary>
    private const int FrameWidth = 330;

    /// <inheritdoc/>
    public string Name => "scottplot";

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DrawAsync(
        IReadOnlyList<Figure> figures,
        string directory,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(figures);
        Directory.CreateDirectory(directory);
        var files = new List<string>();
        foreach (var figure in figures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var plot = new Plot();
            var height = figure switch
            {
                CurveFigure curves => CurveDrawing.Draw(plot, curves),
                IntervalFigure intervals => IntervalDrawing.Draw(plot, intervals),
                MatrixFigure matrix => MatrixDrawing.Draw(plot, matrix),
                _ => throw new ArgumentOutOfRangeException(nameof(figures), figure, "not drawn"),
            };
            plot.Title($"{figure.Title}\n{figure.Note}", size: 13);
            var file = Path.Combine(directory, figure.Name);
            var width = figure is MatrixFigure wide
                ? Math.Max(Width, FrameWidth + (ColumnWidth * wide.Columns.Count))
                : Width;
            plot.SaveSvg($"{file}.svg", width, height);
            plot.SavePng($"{file}.png", width, height);
            files.Add($"{file}.svg");
            files.Add($"{file}.png");
        }

        return Task.FromResult<IReadOnlyList<string>>(files);
    }
}
