// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.Globalization;
using Reaplab.Analysis;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Reports.Text;
using Reaplab.Trials;

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
        var coverLetter = new Option<string>("--cover-letter")
        {
            Description = "Print only what the cover letter of this approach's series can say of the run",
            HelpName = "approach",
        };
        var command = new Command("report", "Make tables and plots of a run again")
        {
            run,
            coverLetter,
            CommonOptions.Plots,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var catalog = Catalog.Find();
                var folder = RunFolders.Choose(catalog.Workspace, parsed.GetValue(run)!);
                if (parsed.GetValue(coverLetter) is { } approach)
                {
                    WriteCoverLetter(catalog, folder, approach);
                    return (int)ExitCode.Success;
                }

                var reporting = new Reporting(catalog.Workspace, parsed.GetValue(CommonOptions.Plots)!);
                var summary = await reporting.WriteAllAsync(folder, cancellationToken);
                Console.Write(summary.Text);
                RunFolders.SayWhere(folder, summary);
                return (int)(summary.TooFewTrials ? ExitCode.TooFewTrials : ExitCode.Success);
            }
        );
        return command;
    }

    private static void WriteCoverLetter(Catalog catalog, RunFolder folder, string name)
    {
        var approach = ApproachDefinition.Load(catalog.Workspace, name);
        var comparison = CandidateComparison.Compare(RunData.Load(folder), name);
        if (comparison.Scenarios.Count == 0)
        {
            throw new ReaplabException(
                $"the run in {folder.Path} has no trial of '{name}'; its plan has to name the approach",
                ExitCode.Usage
            );
        }

        var manifest = comparison.Analysis.Manifest;
        CandidateReport.Write(
            comparison,
            approach.Title,
            string.Create(CultureInfo.InvariantCulture, $"reaplab run {manifest.Plan} --seed {manifest.Seed}"),
            Console.Out
        );
    }
}
