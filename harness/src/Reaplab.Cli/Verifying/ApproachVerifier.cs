// SPDX-License-Identifier: MIT
using Reaplab.Cli.Display;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Verification;

namespace Reaplab.Cli.Verifying;

/// <summary>
/// Builds approaches' kernels one after another and runs their selftests and the kernel's own in them, printing nested KTAP.
/// </summary>
internal sealed class ApproachVerifier(Catalog catalog, Preparation preparation, ConsoleDisplay display, string scratch)
{
    private readonly Dictionary<string, KernelSelftestRunner> kernelSelftests = new(StringComparer.Ordinal);

    /// <summary>Image, keys and accelerator; the same for all approaches.</summary>
    private PreparedRun? prepared;

    /// <summary>Verifies one approach.</summary>
    /// <param name="approach">The approach.</param>
    /// <param name="flavour">In which kernel.</param>
    /// <param name="subjects">Which tests of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The kernel, and what became of each test, in the order of <paramref name="subjects"/>.</returns>
    /// <exception cref="ReaplabException">Its kernel could not be built, or nothing can be booted here.</exception>
    internal async Task<(KernelBuild Kernel, IReadOnlyList<IReadOnlyList<SelftestReport>> Reports)> RunAsync(
        ApproachDefinition approach,
        KernelFlavour flavour,
        IReadOnlyList<VerificationSubjects> subjects,
        CancellationToken cancellationToken
    )
    {
        var isAgainstStock = subjects.Any(each => each.Kind == VerificationKind.KernelSelftests);
        var (kernel, stock) = await display.ShowAsync(() =>
            PrepareAsync(approach, flavour, isAgainstStock, cancellationToken)
        );
        // A boot beside a measurement would spoil it as a compiler does.
        using var hostLock = await HostLock.AcquireAsync(
            catalog.Workspace,
            $"verifying {approach.Name}",
            display,
            Preparation.LockLimit,
            cancellationToken
        );
        var label = $"{approach.Name}-{flavour.ToString().ToLowerInvariant()}";
        var own = new Selftest(prepared!.Run, Path.Combine(scratch, label));
        Ktap.Begin(1, subjects.Sum(each => each.FindTests(approach).Count));
        var number = 0;
        var all = new List<IReadOnlyList<SelftestReport>>();
        foreach (var subject in subjects)
        {
            var reports = new List<SelftestReport>();
            foreach (var test in subject.FindTests(approach))
            {
                var (report, console) =
                    subject.Kind == VerificationKind.OwnSelftests
                        ? await RunOwnAsync(test)
                        : await RunKernelsAsync(test);
                reports.Add(report);
                Ktap.Result(1, ++number, report);
                if (
                    !report.IsWell
                    && KeptConsole.Save(catalog.Workspace, console, $"{label}-{test.Replace('/', '-')}") is { } kept
                )
                {
                    Ktap.Line(1, $"# console: {kept}");
                }
            }

            all.Add(reports);
        }

        return (kernel, all);

        async Task<(SelftestReport, string?)> RunOwnAsync(string test) =>
            (await own.RunAsync(kernel, test, line => Ktap.Line(2, line), cancellationToken), own.Console);

        async Task<(SelftestReport, string?)> RunKernelsAsync(string test)
        {
            var runner = kernelSelftests[kernel.Base];
            var comparison = await runner.RunAsync(stock!, kernel, test, line => Ktap.Line(2, line), cancellationToken);
            foreach (var remark in comparison.Remarks)
            {
                Ktap.Line(1, "# " + remark);
            }

            return (comparison.Report, runner.Console);
        }
    }

    private async Task<(KernelBuild Kernel, KernelBuild? Stock)> PrepareAsync(
        ApproachDefinition approach,
        KernelFlavour flavour,
        bool isAgainstStock,
        CancellationToken cancellationToken
    )
    {
        await preparation.CheckHostAsync(cancellationToken);
        var baseName = VerificationSubjects.BaseOf(approach);
        var kernels = await preparation.BuildAsync(
            [approach.Name.Value, .. isAgainstStock ? [ApproachDefinition.Stock] : Array.Empty<string>()],
            baseName,
            flavour,
            cancellationToken
        );
        var programs = isAgainstStock ? await preparation.BuildSelftestsAsync(baseName, cancellationToken) : null;
        prepared ??= await preparation.PrepareGuestAsync([kernels[0]], scratch, cancellationToken);
        if (programs is not null && !kernelSelftests.ContainsKey(baseName))
        {
            kernelSelftests.Add(
                baseName,
                new KernelSelftestRunner(prepared.Run, programs, Path.Combine(scratch, $"kernel-{baseName}"))
            );
        }

        return (kernels[0], isAgainstStock ? kernels[1] : null);
    }
}
