// SPDX-License-Identifier: MIT
using Reaplab.Cli.Display;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Verification;

namespace Reaplab.Cli.Verifying;

/// <summary>Builds approaches' kernels one after another and runs their selftests, printing nested KTAP.</summary>
internal sealed class ApproachVerifier(Catalog catalog, Preparation preparation, ConsoleDisplay display, string scratch)
{
    /// <summary>Image, keys and accelerator; the same for all approaches.</summary>
    private PreparedRun? prepared;

    /// <summary>Verifies one approach.</summary>
    /// <param name="approach">The approach.</param>
    /// <param name="selftests">Programs to run.</param>
    /// <param name="flavour">In which kernel.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The kernel, and what became of each program.</returns>
    /// <exception cref="ReaplabException">Its kernel could not be built, or nothing can be booted here.</exception>
    internal async Task<(KernelBuild Kernel, IReadOnlyList<SelftestReport> Reports)> RunAsync(
        ApproachDefinition approach,
        IReadOnlyList<string> selftests,
        KernelFlavour flavour,
        CancellationToken cancellationToken
    )
    {
        var name = approach.Name.Value;
        var kernel = await display.ShowAsync(() => PrepareAsync(approach, flavour, cancellationToken));
        // A boot beside a measurement would spoil it as a compiler does.
        using var hostLock = await HostLock.AcquireAsync(
            catalog.Workspace,
            $"verifying {name}",
            display,
            Preparation.LockLimit,
            cancellationToken
        );
        var label = $"{name}-{flavour.ToString().ToLowerInvariant()}";
        var runner = new Selftest(prepared!.Run, Path.Combine(scratch, label));
        var reports = new List<SelftestReport>();
        Ktap.Begin(1, selftests.Count);
        foreach (var (number, selftest) in selftests.Select((each, index) => (index + 1, each)))
        {
            var report = await runner.RunAsync(kernel, selftest, line => Ktap.Line(2, line), cancellationToken);
            reports.Add(report);
            Ktap.Result(1, number, report);
            if (
                !report.IsWell && KeptConsole.Save(catalog.Workspace, runner.Console, $"{label}-{selftest}") is { } kept
            )
            {
                Ktap.Line(1, $"# console: {kept}");
            }
        }

        return (kernel, reports);
    }

    private async Task<KernelBuild> PrepareAsync(
        ApproachDefinition approach,
        KernelFlavour flavour,
        CancellationToken cancellationToken
    )
    {
        await preparation.CheckHostAsync(cancellationToken);
        var kernels = await preparation.BuildAsync(
            [approach.Name.Value],
            VerificationSubjects.BaseOf(approach),
            flavour,
            cancellationToken
        );
        prepared ??= await preparation.PrepareGuestAsync(kernels, scratch, cancellationToken);
        return kernels[0];
    }
}
