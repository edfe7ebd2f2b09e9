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
    /// <param name="kernelName">Whose kernel: the approach's own, or one that it shares.</param>
    /// <param name="flavour">In which kernel.</param>
    /// <param name="subjects">Which tests of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The kernel, and what became of each test, in the order of <paramref name="subjects"/>.</returns>
    /// <exception cref="ReaplabException">Its kernel could not be built, or nothing can be booted here.</exception>
    internal async Task<(KernelBuild Kernel, IReadOnlyList<IReadOnlyList<SelftestReport>> Reports)> RunAsync(
        ApproachDefinition approach,
        string kernelName,
        KernelFlavour flavour,
        IReadOnlyList<VerificationSubjects> subjects,
        CancellationToken cancellationToken
    )
    {
        var isAgainstStock = subjects.Any(each => each.Kind == VerificationKind.KernelSelftests);
        var (kernel, stock) = await display.ShowAsync(() =>
            PrepareAsync(approach, kernelName, flavour, isAgainstStock, cancellationToken)
        );
        // A boot beside a measurement would spoil it as a compiler does.
        using var hostLock = await HostLock.AcquireAsync(
            catalog.Workspace,
            $"verifying {approach.Name}",
            display,
            Preparation.LockLimit,
            cancellationToken
        );
        if (KernelStack.IsStack(kernelName))
        {
            Ktap.Line(1, $"# in one kernel: {string.Join(", ", KernelStack.MembersOf(kernelName))}");
        }

        var label = $"{approach.Name}-{flavour.ToString().ToLowerInvariant()}";
        var run = new VerificationRun(
            prepared!.Run,
            kernelSelftests.GetValueOrDefault(kernel.Base),
            kernel,
            stock,
            Path.Combine(scratch, label),
            cancellationToken
        );
        Ktap.Begin(1, subjects.Sum(each => each.FindTests(approach).Count));
        var all = new List<IReadOnlyList<SelftestReport>>();
        foreach (var subject in subjects)
        {
            var tests = subject.FindTests(approach);
            all.Add(
                subject.Kind switch
                {
                    VerificationKind.KernelSelftests => await run.RunKernelSelftestsAsync(tests),
                    VerificationKind.Stress => await run.StressAsync(tests, subject.StressTime),
                    VerificationKind.Leaks => await run.HuntLeaksAsync(approach.Selftests),
                    _ => await run.RunSelftestsAsync(tests),
                }
            );
        }

        return (kernel, all);
    }

    private async Task<(KernelBuild Kernel, KernelBuild? Stock)> PrepareAsync(
        ApproachDefinition approach,
        string kernelName,
        KernelFlavour flavour,
        bool isAgainstStock,
        CancellationToken cancellationToken
    )
    {
        await preparation.CheckHostAsync(cancellationToken);
        var baseName = VerificationSubjects.BaseOf(approach);
        var kernels = await preparation.BuildAsync(
            [kernelName, .. isAgainstStock ? [ApproachDefinition.Stock] : Array.Empty<string>()],
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
