// SPDX-License-Identifier: MIT
using CsvHelper;
using Reaplab.Analysis;
using Reaplab.Cli.Display;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Reports.Cost;
using Reaplab.Trials;

namespace Reaplab.Cli.Costing;

/// <summary>Builds series beside stock, compares their sizes, boots them in turn and writes the table.</summary>
/// <param name="catalog">The checkout.</param>
/// <param name="preparation">Builds and makes guests ready.</param>
/// <param name="display">Shows how far it is.</param>
internal sealed class CostRun(Catalog catalog, Preparation preparation, ConsoleDisplay display)
{
    private readonly Dictionary<string, KernelBuild> kernels = new(StringComparer.Ordinal);

    /// <summary>Does it all.</summary>
    /// <param name="approaches">The series.</param>
    /// <param name="blocks">Blocks to run.</param>
    /// <param name="seed">Seed of the orders.</param>
    /// <param name="command">What the user typed, for the table.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The folder with tables and rows, and the table.</returns>
    internal async Task<(string Folder, string Table)> RunAsync(
        IReadOnlyList<ApproachDefinition> approaches,
        int blocks,
        long seed,
        string command,
        CancellationToken cancellationToken
    )
    {
        using var scratch = new ScratchDirectory();
        await preparation.CheckHostAsync(cancellationToken);
        var subjects = new List<CostSubject>();
        foreach (var approach in approaches)
        {
            subjects.Add(await BuildAsync(approach, cancellationToken));
        }

        var any = kernels.Values.First();
        var prepared = await preparation.PrepareGuestAsync([any], scratch.Path, cancellationToken);
        using var timing = await HostLock.AcquireAsync(
            catalog.Workspace,
            "timing what series cost",
            display,
            Preparation.LockLimit,
            cancellationToken
        );
        var plan = CostPlan.Expand([.. kernels.Keys], blocks, seed);
        var identity = string.Concat(subjects.Select(subject => subject.Kernel)) + seed;
        var folder = RunFolders.Create(catalog.Workspace, "cost", Hash(identity)).Path;
        WriteSizes(folder, subjects);
        var samples = await new CostRunner(prepared.Run, plan, kernels, folder)
        {
            OnBoot = (block, number, total) =>
                display.Report(new StageState($"block {block}/{blocks}", "booting in turn", number, total)),
        }.RunAsync(cancellationToken);

        var isEmulated = prepared.Accelerator.Accelerator == Machines.Accelerator.Tcg;
        var costs = CostAnalyzer.Analyze(subjects, samples, isEmulated);
        var provenance = new CostProvenance
        {
            SourceVersion = any.SourceVersion,
            Compiler = any.Compiler,
            Accelerator = prepared.Accelerator.ToString()["accelerator: ".Length..],
            IsEmulated = isEmulated,
            Qemu = prepared.Qemu.Version,
            Harness = await Provenance.HarnessVersionAsync(catalog.Workspace, cancellationToken),
            Blocks = blocks,
            Seed = seed,
            Command = command,
        };
        var text = CostReport.ToText(costs, provenance);
        await File.WriteAllTextAsync(Path.Combine(folder, CostReport.TextFile), text, cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder, CostReport.MarkdownFile),
            CostReport.ToMarkdown(costs, provenance),
            cancellationToken
        );
        return (folder, text);
    }

    private static string Hash(string text) =>
        Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))
        );

    /// <summary>With stock beside it: what a series needs of the configuration its stock gets, too.</summary>
    private async Task<CostSubject> BuildAsync(ApproachDefinition approach, CancellationToken cancellationToken)
    {
        var name = approach.Name.Value;
        var built = await preparation.BuildWithSymbolsAsync(
            [ApproachDefinition.Stock, name],
            approach.Bases[0],
            cancellationToken
        );
        foreach (var kernel in built)
        {
            kernels[kernel.Hash] = kernel;
        }

        return new CostSubject(
            name,
            built[1].Hash[..CostRunner.KernelDigits],
            built[0].Hash[..CostRunner.KernelDigits],
            await preparation.MeasureGrowthAsync(built[0], built[1], cancellationToken)
        );
    }

    private static void WriteSizes(string folder, IEnumerable<CostSubject> subjects)
    {
        using var writer = CsvWriter.ToFile(Path.Combine(folder, "sizes.csv"), RunFolder.Csv);
        writer.WriteHeader<GrowthRecord>();
        writer.WriteRecords(
            subjects.Select(subject => new GrowthRecord(
                subject.Approach,
                subject.Kernel,
                subject.Stock,
                subject.Growth.Added,
                subject.Growth.Removed,
                subject.Growth.Grown,
                subject.Growth.Shrunk,
                subject.Growth.UpBytes,
                subject.Growth.DownBytes,
                subject.Growth.BeforeBytes,
                subject.Growth.AfterBytes
            ))
        );
    }
}
