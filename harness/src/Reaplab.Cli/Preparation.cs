// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Foundation;
using Reaplab.Images;
using Reaplab.Kernels;
using Reaplab.Machines;
using Reaplab.Ssh;
using Reaplab.Trials;

namespace Reaplab.Cli;

/// <summary>Makes ready what boots need: kernels, image, keys, accelerator, session.</summary>
internal sealed class Preparation
{
    /// <summary>A run of the plan `full` takes about an hour; waiting for two of them is still a wait and not a hang.</summary>
    internal static readonly TimeSpan LockLimit = TimeSpan.FromHours(3);

    private readonly Catalog catalog;
    private readonly IStageProgress progress;
    private readonly AcceleratorChoice accelerator;
    private readonly string? ssh;
    private readonly KernelBuildOptions options;
    private readonly Action<string> say;

    /// <summary>Takes what the user said.</summary>
    /// <param name="catalog">The checkout.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="display">Shows how far it is.</param>
    /// <param name="treeCommit">Commit of the user's tree to build on; its HEAD if null.</param>
    internal Preparation(Catalog catalog, ParseResult parsed, Display.ConsoleDisplay display, string? treeCommit = null)
    {
        this.catalog = catalog;
        progress = display;
        say = display.Line;
        accelerator = parsed.GetValue(CommonOptions.Accelerator);
        ssh = parsed.GetValue(CommonOptions.Ssh);
        options = new KernelBuildOptions(
            parsed.GetValue(CommonOptions.Jobs),
            parsed.GetValue(CommonOptions.KernelTree) is { Length: > 0 } tree ? tree : null,
            parsed.GetValue(CommonOptions.Dirty),
            treeCommit
        );
    }

    /// <summary>Builds kernels, or takes them from the cache; the builder holds the host's lock meanwhile.</summary>
    internal Task<IReadOnlyList<KernelBuild>> BuildAsync(
        IReadOnlyList<string> approaches,
        string baseName,
        KernelFlavour flavour,
        CancellationToken cancellationToken
    ) =>
        new KernelBuilder(catalog.Workspace).BuildAsync(
            approaches,
            baseName,
            flavour,
            options,
            progress,
            cancellationToken
        );

    /// <summary>Finds out which approaches can share a kernel; the builder holds the host's lock meanwhile.</summary>
    internal Task<IReadOnlyList<string>> FindStacksAsync(
        IReadOnlyList<string> approaches,
        string baseName,
        KernelFlavour flavour,
        CancellationToken cancellationToken
    ) =>
        new KernelBuilder(catalog.Workspace).FindStacksAsync(
            approaches,
            baseName,
            flavour,
            options,
            progress,
            cancellationToken
        );

    /// <summary>Builds kernels whose symbols are kept; one that was built without is built again.</summary>
    internal Task<IReadOnlyList<KernelBuild>> BuildWithSymbolsAsync(
        IReadOnlyList<string> approaches,
        string baseName,
        CancellationToken cancellationToken
    ) =>
        new KernelBuilder(catalog.Workspace).BuildAsync(
            approaches,
            baseName,
            KernelFlavour.Timing,
            options with
            {
                WithSymbols = true,
            },
            progress,
            cancellationToken
        );

    /// <summary>Compares the sizes of two kernels that have their symbols.</summary>
    internal Task<KernelGrowth> MeasureGrowthAsync(
        KernelBuild stock,
        KernelBuild kernel,
        CancellationToken cancellationToken
    ) => new KernelBuilder(catalog.Workspace).MeasureGrowthAsync(stock, kernel, options, progress, cancellationToken);

    /// <summary>Builds the selftests of a base's own source, or takes them from the cache.</summary>
    internal Task<KernelSelftests> BuildSelftestsAsync(string baseName, CancellationToken cancellationToken) =>
        new KernelBuilder(catalog.Workspace).BuildSelftestsAsync(baseName, options, progress, cancellationToken);

    /// <summary>Builds after each patch of an approach; the builder holds the host's lock meanwhile.</summary>
    internal Task<IReadOnlyList<PatchCheck>> CheckEachPatchAsync(
        string approach,
        string baseName,
        CancellationToken cancellationToken
    ) =>
        new KernelBuilder(catalog.Workspace).CheckEachPatchAsync(
            approach,
            baseName,
            options,
            progress,
            cancellationToken
        );

    /// <summary>Makes everything ready for boots.</summary>
    internal async Task<PreparedRun> PrepareAsync(
        IReadOnlyList<string> approaches,
        string baseName,
        KernelFlavour flavour,
        string scratch,
        CancellationToken cancellationToken
    )
    {
        await CheckHostAsync(cancellationToken);
        var kernels = await BuildAsync(approaches, baseName, flavour, cancellationToken);
        return await PrepareGuestAsync(kernels, scratch, cancellationToken);
    }

    /// <summary>Says what is missing for boots now, not after a quarter of an hour of building.</summary>
    /// <exception cref="ReaplabException">There is no QEMU or no such SSH client.</exception>
    internal async Task CheckHostAsync(CancellationToken cancellationToken)
    {
        _ = SshSessionFactories.Choose(catalog.Workspace, ssh);
        _ = await QemuInstallation.FindAsync("qemu-system-x86_64", cancellationToken);
    }

    /// <summary>Makes everything ready for boots of kernels that are built.</summary>
    internal async Task<PreparedRun> PrepareGuestAsync(
        IReadOnlyList<KernelBuild> kernels,
        string scratch,
        CancellationToken cancellationToken
    )
    {
        foreach (var orphan in OrphanReaper.Reap(OrphanReaper.RecordDirectory(catalog.Workspace)))
        {
            say($"stopped a machine that an earlier, killed run left behind (process {orphan})");
        }

        var image = await new ImageBuilder(catalog.Workspace).BuildAsync(progress, cancellationToken);
        var credentials = await RunCredentials.CreateAsync(scratch, cancellationToken);
        var decision = await new AcceleratorProbe(catalog.Workspace).ChooseAsync(
            accelerator,
            kernels[0].ImagePath,
            [image.InitrdPath, credentials.OverlayCpioPath],
            cancellationToken
        );
        say(decision.ToString());
        var disk = Path.Combine(scratch, "disk.ext4");
        await DiskImage.CreateAsync(disk, DiskImage.DefaultBytes, cancellationToken);
        return new PreparedRun(
            new RunContext
            {
                Workspace = catalog.Workspace,
                Kernels = kernels.ToDictionary(kernel => kernel.Approach),
                Image = image,
                Credentials = credentials,
                Accelerator = decision.Accelerator,
                Ssh = SshSessionFactories.Choose(catalog.Workspace, ssh),
                DiskTemplate = disk,
            },
            decision,
            await QemuInstallation.FindAsync("qemu-system-x86_64", cancellationToken)
        );
    }
}
