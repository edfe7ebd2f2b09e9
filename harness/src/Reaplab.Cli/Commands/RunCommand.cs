// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.Security.Cryptography;
using Reaplab.Cli.Display;
using Reaplab.Experiments;
using Reaplab.Kernels;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab run</c>: a plan, from source to plots.</summary>
internal static class RunCommand
{
    internal static Command Create()
    {
        var plan = new Argument<string>("plan") { Description = "A plan's name, or the path of its file" };
        var seed = new Option<long?>("--seed")
        {
            Description = "Seed of every random order (default: a new one, recorded)",
        };
        var identify = new Option<bool>("--identify") { Description = "Write host name and user into the manifest" };
        var command = new Command("run", "Build what a plan needs, run it, report it")
        {
            plan,
            seed,
            identify,
            CommonOptions.Accelerator,
            CommonOptions.Ssh,
            CommonOptions.Jobs,
            CommonOptions.KernelTree,
            CommonOptions.Dirty,
            CommonOptions.Plots,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var catalog = Catalog.Find();
                var experiment = Experiment.Expand(
                    catalog.LoadPlan(parsed.GetValue(plan)!),
                    parsed.GetValue(seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue)
                );
                var display = new ConsoleDisplay();
                var preparation = new Preparation(catalog, parsed, display);
                var reporting = new Reporting(catalog.Workspace, parsed.GetValue(CommonOptions.Plots)!);
                using var scratch = new ScratchDirectory();
                var outcome = await display.ShowAsync(async () =>
                {
                    var prepared = await preparation.PrepareAsync(
                        experiment.Plan.Approaches,
                        experiment.Plan.Base,
                        KernelFlavour.Timing,
                        scratch.Path,
                        cancellationToken
                    );
                    return await new PlanRun(catalog, catalog.Workspace, display).RunAsync(
                        experiment,
                        prepared,
                        parsed.GetValue(identify),
                        cancellationToken
                    );
                });

                // Not the user's token: an interrupted or broken run is a result and gets its report.
                var summary = await display.ShowAsync(() =>
                    reporting.WriteAllAsync(outcome.Folder, CancellationToken.None)
                );
                Console.Write(summary.Text);
                RunFolders.SayWhere(outcome.Folder, summary);
                if (outcome.Failure is { } failure)
                {
                    Console.Error.WriteLine("reaplab: the run ended early: " + failure.Message);
                }

                return (int)PlanRun.Judge(outcome, summary);
            }
        );
        return command;
    }
}
