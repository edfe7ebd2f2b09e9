// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Analysis;
using Reaplab.Cli.Display;
using Reaplab.Cli.Verifying;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Reports.Text;
using Reaplab.Verification;

namespace Reaplab.Cli.Trying;

/// <summary>Takes a series through every stage, from mail to table; the first stage that it fails ends it.</summary>
/// <param name="checkout">The user's checkout.</param>
/// <param name="candidate">The checkout with the series as one more approach.</param>
/// <param name="series">The series.</param>
/// <param name="plan">What is run, already for the candidate.</param>
/// <param name="preparation">Builds and prepares in the candidate's checkout.</param>
/// <param name="display">Shows how far it is.</param>
internal sealed class CandidateTrial(
    Workspace checkout,
    Catalog candidate,
    ImportedSeries series,
    PlanDefinition plan,
    Preparation preparation,
    ConsoleDisplay display
)
{
    /// <summary>Program that says whether what the base promises still holds.</summary>
    private const string StockSelftest = "stock";

    /// <summary>Runs all stages.</summary>
    /// <param name="command">What the user typed, for the table.</param>
    /// <param name="seed">Seed of every random order.</param>
    /// <param name="reporting">Makes the reports.</param>
    /// <param name="cancellationToken">Interrupts; what was measured is reported.</param>
    /// <returns>The program's exit status.</returns>
    internal async Task<ExitCode> RunAsync(
        string command,
        long seed,
        Reporting reporting,
        CancellationToken cancellationToken
    )
    {
        using var scratch = new ScratchDirectory();
        if (!await CheckEachPatchAsync(cancellationToken))
        {
            return ExitCode.Usage;
        }

        var prepared = await display.ShowAsync(() =>
            preparation.PrepareAsync(plan.Approaches, plan.Base, KernelFlavour.Timing, scratch.Path, cancellationToken)
        );
        if (await CheckStockBehaviourAsync(prepared, scratch.Path, cancellationToken) is { } broken)
        {
            return broken;
        }

        var experiment = Experiment.Expand(plan, seed);
        var outcome = await display.ShowAsync(() =>
            new PlanRun(candidate, checkout, display).RunAsync(experiment, prepared, identify: false, cancellationToken)
        );
        // Not the user's token: an interrupted or broken run is a result and gets its report.
        var summary = await display.ShowAsync(() => reporting.WriteAllAsync(outcome.Folder, CancellationToken.None));
        var comparison = CandidateComparison.Compare(RunData.Load(outcome.Folder), CandidateCheckout.Name);
        var table = Path.Combine(outcome.Folder.Path, CandidateReport.FileName);
        var text = Compose(comparison, command);
        await File.WriteAllTextAsync(table, text, CancellationToken.None);
        Console.Write(text);
        RunFolders.SayWhere(outcome.Folder, summary);
        Console.WriteLine($"table:  {table}");
        if (outcome.Failure is { } failure)
        {
            Console.Error.WriteLine("reaplab: the run ended early: " + failure.Message);
        }

        return Judge(PlanRun.Judge(outcome, summary), comparison);
    }

    /// <summary>What a run of a candidate comes to: its own trouble before what the numbers say.</summary>
    internal static ExitCode Judge(ExitCode run, CandidateComparison comparison) =>
        run == ExitCode.Success && comparison.Regressions.Count > 0 ? ExitCode.Regression : run;

    private string Compose(CandidateComparison comparison, string command)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        CandidateReport.Write(comparison, series.Title, command, text);
        return text.ToString();
    }

    private async Task<bool> CheckEachPatchAsync(CancellationToken cancellationToken)
    {
        var checks = await display.ShowAsync(() =>
            preparation.CheckEachPatchAsync(CandidateCheckout.Name, plan.Base, cancellationToken)
        );
        foreach (var check in checks)
        {
            display.Line(
                $"patch {check.Number}/{check.Total} {(check.Failure is null ? "compiles" : "DOES NOT COMPILE")}: {check.Subject}"
            );
            foreach (var warning in check.Warnings)
            {
                display.Line($"  new under W=1: {warning}");
            }
        }

        // Warnings are for the author to weigh; a patch that does not compile ends it.
        var broken = checks.FirstOrDefault(check => check.Failure is not null);
        if (broken is not null)
        {
            Console.Error.WriteLine("reaplab: " + broken.Failure);
        }

        return broken is null;
    }

    /// <summary>Null where the base's own behaviour is intact, else the exit status.</summary>
    private async Task<ExitCode?> CheckStockBehaviourAsync(
        PreparedRun prepared,
        string scratch,
        CancellationToken cancellationToken
    )
    {
        var report = await RunAsync(CandidateCheckout.Name);
        if (report.IsWell)
        {
            display.Line("the base's own behaviour is intact: selftest stock passed in the patched kernel");
            return null;
        }

        // Where the base fails as well, the series is not to blame.
        var onBase = await RunAsync(ApproachDefinition.Stock);
        if (!onBase.IsWell)
        {
            throw new InfrastructureException(
                $"selftest {StockSelftest} fails on the base itself, so it says nothing of the series: {onBase.Detail}"
            );
        }

        var what =
            report.Outcome == SelftestOutcome.Crashed
                ? "the patched kernel crashes"
                : "the series breaks what the base does";
        Console.Error.WriteLine($"reaplab: {what} (selftest {StockSelftest} passes on the base): {report.Detail}");
        return report.Outcome switch
        {
            SelftestOutcome.Crashed or SelftestOutcome.Complained => ExitCode.KernelCrash,
            SelftestOutcome.HostTrouble => ExitCode.Infrastructure,
            _ => ExitCode.Regression,
        };

        async Task<SelftestReport> RunAsync(string approach)
        {
            using var hostLock = await HostLock.AcquireAsync(
                checkout,
                "verifying a series",
                display,
                Preparation.LockLimit,
                cancellationToken
            );
            var runner = new Selftest(prepared.Run, Path.Combine(scratch, approach));
            var result = await runner.RunAsync(
                prepared.Run.Kernels[approach],
                StockSelftest,
                line => display.Line("  " + line),
                cancellationToken
            );
            if (!result.IsWell && KeptConsole.Save(checkout, runner.Console, $"{approach}-{StockSelftest}") is { } kept)
            {
                display.Line($"  # console: {kept}");
            }

            return result;
        }
    }
}
