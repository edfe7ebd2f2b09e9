// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Foundation;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab report</c>: tables and plots of a run, made again from its rows.</summary>
internal static class ReportCommand
{
    internal static Command Create()
    {
        var run = new Argument<string>("run")
        {
            Description = "A run's name, its folder, or latest",
            DefaultValueFactory = _ => "latest",
        };
        var command = new Command("report", "Make tables and plots of a run again") { run, CommonOptions.Plots };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var catalog = Catalog.Find();
                var folder = RunFolders.Choose(catalog.Workspace, parsed.GetValue(run)!);
                var reporting = new Reporting(catalog.Workspace, parsed.GetValue(CommonOptions.Plots)!);
                var summary = await reporting.WriteAllAsync(folder, cancellationToken);
                Console.Write(summary.Text);
                RunFolders.SayWhere(folder, summary);
                return (int)(summary.TooFewTrials ? ExitCode.TooFewTrials : ExitCode.Success);
            }
        );
        return command;
    }
}
