// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Figures;
using Reaplab.Reports.Markdown;
using Reaplab.Reports.Plots;
using Reaplab.Reports.Text;
using Reaplab.Trials;

namespace Reaplab.Reports;

/// <summary>Writes the reports and plots of a run into its folder. May be called after every block.</summary>
public static class RunReporter
{
    private static readonly IReportExporter[] Exporters = [new TextReport(), new MarkdownReport()];

    /// <summary>Writes every report.</summary>
    /// <param name="folder">The run's folder, complete or not.</param>
    /// <returns>The text report, to be shown.</returns>
    /// <exception cref="Foundation.ReaplabException">The folder holds no run, or a row is malformed.</exception>
    public static string Write(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var analysis = RunAnalyzer.Analyze(RunData.Load(folder));
        var shown = "";
        foreach (var exporter in Exporters)
        {
            using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
            exporter.Write(analysis, text);
            WriteWhole(Path.Combine(folder.Path, exporter.FileName), text.ToString());
            shown = exporter is TextReport ? text.ToString() : shown;
        }

        return shown;
    }

    /// <summary>Draws every plot.</summary>
    /// <param name="folder">The run's folder, complete or not.</param>
    /// <param name="plotter">What draws.</param>
    /// <param name="cancellationToken">Stops drawing.</param>
    /// <returns>The files made.</returns>
    public static async Task<IReadOnlyList<string>> DrawAsync(
        RunFolder folder,
        IPlotter plotter,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(plotter);
        var data = RunData.Load(folder);
        var analysis = RunAnalyzer.Analyze(data);
        var figures = new FigureBuilder(analysis).Build(MemoryCurveReader.Read(data, analysis));
        return await plotter.DrawAsync(figures, folder.Plots, cancellationToken);
    }

    /// <summary>A report that is being rewritten is never half there: an interrupt leaves the one before.</summary>
    private static void WriteWhole(string file, string text)
    {
        var unfinished = file + ".new";
        File.WriteAllText(unfinished, text);
        File.Move(unfinished, file, overwrite: true);
    }
}
