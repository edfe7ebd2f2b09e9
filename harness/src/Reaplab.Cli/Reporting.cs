// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Reports;
using Reaplab.Reports.Plots;
using Reaplab.Trials;

namespace Reaplab.Cli;

/// <summary>Makes a run's reports and plots and says whether there was enough to say anything.</summary>
internal sealed class Reporting
{
    private readonly IPlotter plotter;

    /// <summary>Chooses the plotter now, so that a missing one is known before hours of trials.</summary>
    /// <param name="workspace">Names the plug-ins.</param>
    /// <param name="plots">Name of the plotter.</param>
    internal Reporting(Workspace workspace, string plots) => plotter = PlotterCatalog.Find(plots, workspace.Plugins);

    /// <summary>Writes the tables; called after every block.</summary>
    /// <param name="folder">The run.</param>
    /// <returns>report.txt.</returns>
    internal static string WriteText(RunFolder folder) => RunReporter.Write(folder);

    /// <summary>Writes tables and plots.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="cancellationToken">Stops drawing.</param>
    internal async Task<ReportSummary> WriteAllAsync(RunFolder folder, CancellationToken cancellationToken)
    {
        var text = RunReporter.Write(folder);
        var files = await RunReporter.DrawAsync(folder, plotter, cancellationToken);
        return new ReportSummary(
            text,
            [.. files.Where(file => file.EndsWith(".svg", StringComparison.Ordinal))],
            HasEmptyCell(folder)
        );
    }

    /// <summary>
    /// No data is a failure, not a pass: a cell without one valid trial says nothing. Crashes and hangs are valid, they
    /// are results.
    /// </summary>
    private static bool HasEmptyCell(RunFolder folder)
    {
        var cells = folder.ReadTrials().GroupBy(row => (row.Approach, row.Method, row.Scenario)).ToList();
        return cells.Count == 0
            || cells.Any(cell =>
                cell.Where(row => !row.Warmup)
                    .All(row =>
                        row.Outcome is TrialOutcome.BadSetup or TrialOutcome.Infrastructure or TrialOutcome.Unsupported
                    )
            );
    }
}
