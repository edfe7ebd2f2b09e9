// SPDX-License-Identifier: MIT
using Reaplab.Reports.Figures;
using ScottPlot;

namespace Reaplab.ScottPlots;

/// <summary>Texts on coloured grounds, in rows and columns.</summary>
internal static class MatrixDrawing
{
    private const int RowHeight = 24;

    private const int Frame = 190;

    /// <summary>Column names are longer than columns are wide.</summary>
    private const float Slant = 30;

    /// <summary>Adds the figure to an empty plot.</summary>
    /// <returns>The height it needs, in pixels.</returns>
    public static int Draw(Plot plot, MatrixFigure figure)
    {
        for (var row = 0; row < figure.Rows.Count; row++)
        {
            for (var column = 0; column < figure.Columns.Count; column++)
            {
                if (figure.Rows[row].Cells[column] is { } cell)
                {
                    AddCell(plot, cell, column, row);
                }
            }
        }

        plot.HideGrid();
        plot.XLabel(figure.Legend);
        plot.Axes.Bottom.SetTicks([.. figure.Columns.Select((_, column) => column + 0.5)], [.. figure.Columns]);
        plot.Axes.Bottom.TickLabelStyle.Rotation = Slant;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
        plot.Axes.Left.SetTicks(
            [.. figure.Rows.Select((_, row) => -row - 0.5)],
            [.. figure.Rows.Select(row => row.Label)]
        );
        plot.Axes.SetLimits(0, figure.Columns.Count, -figure.Rows.Count, 0);
        return Frame + (RowHeight * figure.Rows.Count);
    }

    /// <summary>Rows run downwards, the axis upwards.</summary>
    private static void AddCell(Plot plot, MatrixCell cell, int column, int row)
    {
        var ground = plot.Add.Rectangle(column, column + 1, -row - 1, -row);
        ground.FillColor = new Color(cell.Colour);
        ground.LineColor = Colors.LightGray;
        var text = plot.Add.Text(cell.Text, column + 0.5, -row - 0.5);
        text.LabelFontColor = new Color(cell.TextColour);
        text.LabelAlignment = Alignment.MiddleCenter;
    }
}
