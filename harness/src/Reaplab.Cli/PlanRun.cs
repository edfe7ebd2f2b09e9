// SPDX-License-Identifier: MIT
using Reaplab.Cli.Display;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Trials;

namespace Reaplab.Cli;

/// <summary>Runs an experiment for which everything is prepared, with the host to itself.</summary>
/// <param name="catalog">What the run's names mean.</param>
/// <param name="checkout">The user's checkout: its results folder gets the run, its history names the harness.</param>
/// <param name="display">Shows how far it is.</param>
internal sealed class PlanRun(Catalog catalog, Workspace checkout, ConsoleDisplay display)
{
    /// <summary>Runs to the end or until interrupted.</summary>
    internal async Task<RunOutcome> RunAsync(
        Experiment experiment,
        PreparedRun prepared,
        bool identify,
        CancellationToken cancellationToken
    )
    {
        using var timing = await HostLock.AcquireAsync(
            checkout,
            $"timing plan {experiment.Plan.Name}",
            display,
            Preparation.LockLimit,
            cancellationToken
        );
        var folder = RunFolders.Create(checkout, experiment.Plan.Name, experiment.Hash);
        RunFolders.PointLatest(checkout, folder);
        var manifest = await Provenance.DescribeAsync(
            catalog,
            experiment,
            prepared,
            checkout,
            folder,
            identify,
            cancellationToken
        );
        display.Line(
            $"run {manifest.Run}: {experiment.Blocks.Count} blocks, seed {experiment.Seed}, session {manifest.SshSession}"
        );
        var runner = new ExperimentRunner(prepared.Run, experiment, folder, manifest)
        {
            OnProgress = display.Report,
            OnBlock = (written, number) =>
            {
                // After the last one the caller shows the whole report.
                if (number < experiment.Blocks.Count)
                {
                    display.Line(Reporting.WriteText(written));
                }
            },
        };
        return await runner.RunAsync(cancellationToken);
    }

    /// <summary>What a run comes to, whatever its numbers say.</summary>
    internal static ExitCode Judge(RunOutcome outcome, ReportSummary summary) =>
        outcome switch
        {
            { Failure: { } failure } => failure.ExitCode,
            { Interrupted: true } => ExitCode.Interrupted,
            { KernelFaults: > 0 } => ExitCode.KernelCrash,
            _ => summary.TooFewTrials ? ExitCode.TooFewTrials : ExitCode.Success,
        };
}
