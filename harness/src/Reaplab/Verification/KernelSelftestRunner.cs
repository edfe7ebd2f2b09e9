// SPDX-License-Identifier: MIT
using Reaplab.Images;
using Reaplab.Kernels;
using Reaplab.Trials;

namespace Reaplab.Verification;

/// <summary>
/// Runs the kernel's own selftests in an approach's kernel and in stock's. What a kernel has shown once is not asked again.
/// </summary>
public sealed class KernelSelftestRunner
{
    private readonly Selftest selftest;
    private readonly Dictionary<(string Kernel, string Program), KernelSelftestRun> known = [];

    /// <summary>Packs the programs.</summary>
    /// <param name="context">What the boots share.</param>
    /// <param name="programs">The programs.</param>
    /// <param name="directory">Folder for archive and consoles.</param>
    public KernelSelftestRunner(RunContext context, KernelSelftests programs, string directory)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(programs);
        Directory.CreateDirectory(directory);
        var archive = Path.Combine(directory, "kernel-selftests.cpio");
        ProgramArchive.Create(programs, archive);
        Programs = programs.Programs;
        selftest = new Selftest(
            context with
            {
                Overlays = [.. context.Overlays, archive],
            },
            directory,
            ProgramArchive.KernelSelftestFolder
        );
    }

    /// <summary>The programs, in the order in which they are run.</summary>
    public IReadOnlyList<string> Programs { get; }

    /// <summary>The console of the last boot; null before the first.</summary>
    public string? Console => selftest.Console;

    /// <summary>Runs one program in both kernels, stock's first.</summary>
    /// <param name="stock">Stock's kernel, with the same configuration.</param>
    /// <param name="approach">The approach's; may be stock's.</param>
    /// <param name="program">The program.</param>
    /// <param name="onLine">Given each line of its output in the approach's kernel.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<KernelSelftestComparison> RunAsync(
        KernelBuild stock,
        KernelBuild approach,
        string program,
        Action<string> onLine,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(stock);
        ArgumentNullException.ThrowIfNull(approach);
        ArgumentNullException.ThrowIfNull(onLine);
        var isStock = approach.Hash == stock.Hash;
        var onStock = await RunOnceAsync(stock, program, isStock ? onLine : _ => { }, cancellationToken);
        var onApproach = isStock ? onStock : await RunOnceAsync(approach, program, onLine, cancellationToken);
        return new KernelSelftestComparison(onStock, onApproach);
    }

    private async Task<KernelSelftestRun> RunOnceAsync(
        KernelBuild kernel,
        string program,
        Action<string> onLine,
        CancellationToken cancellationToken
    )
    {
        if (known.TryGetValue((kernel.Hash, program), out var before))
        {
            return before;
        }

        var tap = new TapReader();
        var report = await selftest.RunAsync(
            kernel,
            program,
            line =>
            {
                tap.Take(line);
                onLine(line);
            },
            cancellationToken
        );
        var run = new KernelSelftestRun(report, tap.Cases, tap.BailOut);
        // The host's trouble says nothing of the kernel: the next one asks again.
        if (report.Outcome != SelftestOutcome.HostTrouble)
        {
            known.Add((kernel.Hash, program), run);
        }

        return run;
    }
}
