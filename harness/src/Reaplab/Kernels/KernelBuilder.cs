// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Builds the kernels of a plan, or finds them in the cache.</summary>
/// <param name="workspace">The checkout and its cache.</param>
public sealed class KernelBuilder(Workspace workspace)
{
    /// <summary>A run of the longest plan takes an hour; a waiter outlasts several.</summary>
    private static readonly TimeSpan LockLimit = TimeSpan.FromHours(4);

    private readonly SourceStore sources = new(workspace);
    private readonly KernelCache cache = new(workspace);

    /// <summary>Kernels of our own tests are built in no time and disturb nobody, so they need not wait for the host.</summary>
    internal bool IgnoreHostLock { get; init; }

    /// <summary>Builds one kernel per approach, all with one configuration.</summary>
    /// <param name="approaches">Names of approaches, or of kernels that several share.</param>
    /// <param name="baseName">Name of the base.</param>
    /// <param name="flavour">Flavour of all of them.</param>
    /// <param name="options">What the user said.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The kernels in the order of <paramref name="approaches"/>.</returns>
    /// <exception cref="ConfigurationException">A file is wrong, a series does not apply, a symbol did not survive.</exception>
    /// <exception cref="ReaplabException">A kernel does not compile, or equals stock's.</exception>
    public async Task<IReadOnlyList<KernelBuild>> BuildAsync(
        IReadOnlyList<string> approaches,
        string baseName,
        KernelFlavour flavour,
        KernelBuildOptions options,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        var definition = BaseDefinition.Load(workspace, baseName);
        var wanted = LoadApproaches(approaches, baseName, flavour);
        var requested = MergeConfig(definition, wanted, flavour);
        var toolchain = await Toolchain.DetectAsync(cancellationToken);

        var source = options.KernelTree is null ? sources.Find(definition) : null;
        if (source is not null)
        {
            var found = FindAll(baseName, Plan(source), options.WithSymbols);
            if (found is not null)
            {
                return Select(found);
            }
        }

        using var hostLock = await LockAsync(progress, cancellationToken);
        source = await FetchAsync(definition, options, progress, cancellationToken);
        var plans = Plan(source);
        var session = new KernelBuildSession(workspace, cache, definition, source, toolchain, requested, options);
        var builds = new List<KernelBuild>();
        foreach (var (plan, index) in plans.Select((plan, index) => (plan, index)))
        {
            var stage = $"kernel {index + 1}/{plans.Count} {plan.Approach.Name}";
            builds.Add(await session.FindOrBuildAsync(plan, stage, progress, cancellationToken));
        }

        return Select(builds);

        List<KernelPlan> Plan(KernelSource from) =>
            [
                .. wanted
                    .Where(each => each.Kernel is null)
                    .Select(each =>
                        KernelPlan.Create(
                            each,
                            ApproachCatalog.Resolve(workspace, each, flavour),
                            flavour,
                            from,
                            requested,
                            toolchain
                        )
                    ),
            ];

        KernelBuild[] Select(IReadOnlyList<KernelBuild> all) =>
            [
                .. approaches.Select(name =>
                    all.First(build => build.Approach == KernelOf(name)) with
                    {
                        Approach = name,
                    }
                ),
            ];

        string KernelOf(string name) => wanted.First(each => each.Name.Value == name).Kernel?.Value ?? name;
    }

    /// <summary>Finds out which approaches can share a kernel, by applying their series on top of each other.</summary>
    /// <param name="approaches">Names of approaches, in the order in which they are tried.</param>
    /// <param name="baseName">Name of the base.</param>
    /// <param name="flavour">Flavour of the kernels.</param>
    /// <param name="options">What the user said.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Names of kernels, see <see cref="KernelStack"/>, that together have every approach.</returns>
    /// <exception cref="ConfigurationException">A file is wrong.</exception>
    public async Task<IReadOnlyList<string>> FindStacksAsync(
        IReadOnlyList<string> approaches,
        string baseName,
        KernelFlavour flavour,
        KernelBuildOptions options,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        const string Stage = "stacking series";
        var definition = BaseDefinition.Load(workspace, baseName);
        var wanted = approaches.Select(name => LoadApproach(name, baseName)).ToList();
        using var hostLock = await LockAsync(progress, cancellationToken);
        var source = await FetchAsync(definition, options, progress, cancellationToken);
        var stacks = await new StackFinder(workspace, source, flavour).FindAsync(
            wanted,
            approach => progress.Report(new StageState(Stage, approach.Name.Value, 0, 0)),
            cancellationToken
        );
        progress.Report(new StageState(Stage, $"{wanted.Count} in {stacks.Count} kernels", 1, 1, Finished: true));
        return [.. stacks.Select(stack => KernelStack.NameOf(stack.Select(each => each.Name.Value)))];
    }

    /// <summary>Builds the kernel after each patch of an approach, each with W=1 for what the series touches.</summary>
    /// <param name="approach">Name of the approach.</param>
    /// <param name="baseName">Name of the base.</param>
    /// <param name="options">What the user said.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What the build says after each patch, in order.</returns>
    /// <exception cref="ConfigurationException">A file is wrong, or the series does not apply.</exception>
    /// <exception cref="ReaplabException">What the series is applied to does not compile itself.</exception>
    public async Task<IReadOnlyList<PatchCheck>> CheckEachPatchAsync(
        string approach,
        string baseName,
        KernelBuildOptions options,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        const KernelFlavour Flavour = KernelFlavour.Timing;
        var definition = BaseDefinition.Load(workspace, baseName);
        var wanted = LoadApproaches([approach], baseName, Flavour);
        var subject = wanted.First(each => each.Name.Value == approach);
        var requested = MergeConfig(definition, wanted, Flavour);
        using var hostLock = await LockAsync(progress, cancellationToken);
        var source = await FetchAsync(definition, options, progress, cancellationToken);
        var series = ApproachCatalog.Resolve(workspace, subject, Flavour);
        return await new PatchByPatchBuild(workspace, definition, source, requested, options.Jobs).RunAsync(
            subject,
            series,
            progress,
            cancellationToken
        );
    }

    /// <summary>Builds the selftests that the base's own source brings, or finds them in the cache.</summary>
    /// <param name="baseName">Name of the base.</param>
    /// <param name="options">What the user said.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConfigurationException">The base's file is wrong, or its source lacks a program.</exception>
    /// <exception cref="ProcessFailedException">One does not compile.</exception>
    public async Task<KernelSelftests> BuildSelftestsAsync(
        string baseName,
        KernelBuildOptions options,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        var definition = BaseDefinition.Load(workspace, baseName);
        var toolchain = await Toolchain.DetectAsync(cancellationToken);
        var source = options.KernelTree is null ? sources.Find(definition) : null;
        if (source is not null && Build(source).Find() is { } found)
        {
            return found;
        }

        using var hostLock = await LockAsync(progress, cancellationToken);
        source = await FetchAsync(definition, options, progress, cancellationToken);
        return Build(source).Find() ?? await Build(source).BuildAsync(progress, cancellationToken);

        KernelSelftestBuild Build(KernelSource from) => new(workspace, definition, from, toolchain);
    }

    /// <summary>
    /// Compares the sizes of a series' functions and data with stock's, by the base's own scripts/bloat-o-meter.
    /// </summary>
    /// <param name="stock">Stock's kernel, built with symbols.</param>
    /// <param name="kernel">The series', with the same configuration.</param>
    /// <param name="options">What the user said.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProcessFailedException">The script fails, or there is no python3 to run it.</exception>
    public async Task<KernelGrowth> MeasureGrowthAsync(
        KernelBuild stock,
        KernelBuild kernel,
        KernelBuildOptions options,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(stock);
        ArgumentNullException.ThrowIfNull(kernel);
        var definition = BaseDefinition.Load(workspace, kernel.Base);
        using var hostLock = await LockAsync(progress, cancellationToken);
        var source = await FetchAsync(definition, options, progress, cancellationToken);
        return await new BloatMeter(source).MeasureAsync(stock.SymbolsPath, kernel.SymbolsPath, cancellationToken);
    }

    /// <summary>
    /// SHA-256 over what the checkout decides of an approach's kernel, built by itself: series and configuration, not source
    /// and compiler.
    /// </summary>
    /// <param name="approach">Name of the approach, or of a kernel that several share.</param>
    /// <param name="baseName">Name of the base.</param>
    /// <param name="flavour">Flavour.</param>
    /// <exception cref="ConfigurationException">A file is wrong.</exception>
    public string HashContent(string approach, string baseName, KernelFlavour flavour)
    {
        var wanted = LoadApproaches([approach], baseName, flavour);
        return KernelPlan.HashContent(
            ApproachCatalog.Resolve(workspace, wanted.First(each => each.Name.Value == approach), flavour),
            MergeConfig(BaseDefinition.Load(workspace, baseName), wanted, flavour)
        );
    }

    /// <summary>The identity that an approach's kernel, built by itself, has or would have.</summary>
    /// <param name="approach">Name of the approach, or of a kernel that several share.</param>
    /// <param name="baseName">Name of the base.</param>
    /// <param name="flavour">Flavour.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns><see cref="KernelBuild.Hash"/>, or null while the cache does not hold the base's source.</returns>
    /// <exception cref="ConfigurationException">A file is wrong.</exception>
    public async Task<string?> FindHashAsync(
        string approach,
        string baseName,
        KernelFlavour flavour,
        CancellationToken cancellationToken
    )
    {
        var definition = BaseDefinition.Load(workspace, baseName);
        if (sources.Find(definition) is not { } source)
        {
            return null;
        }

        var wanted = LoadApproaches([approach], baseName, flavour);
        var subject = wanted.First(each => each.Name.Value == approach);
        var plan = KernelPlan.Create(
            subject,
            ApproachCatalog.Resolve(workspace, subject, flavour),
            flavour,
            source,
            MergeConfig(definition, wanted, flavour),
            await Toolchain.DetectAsync(cancellationToken)
        );
        return plan.Hash;
    }

    private async Task<HostLock?> LockAsync(IStageProgress progress, CancellationToken cancellationToken) =>
        IgnoreHostLock
            ? null
            : await HostLock.AcquireAsync(workspace, "building kernels", progress, LockLimit, cancellationToken);

    private Task<KernelSource> FetchAsync(
        BaseDefinition definition,
        KernelBuildOptions options,
        IStageProgress progress,
        CancellationToken cancellationToken
    ) =>
        options.KernelTree is { } tree
            ? sources.FetchTreeAsync(tree, options.TreeCommit, options.AllowDirty, cancellationToken)
            : sources.FetchAsync(definition, progress, cancellationToken);

    /// <summary>The approaches asked for, stock first, and stock itself where kernels have to be compared with it.</summary>
    private List<ApproachDefinition> LoadApproaches(
        IReadOnlyList<string> approaches,
        string baseName,
        KernelFlavour flavour
    )
    {
        var wanted = approaches.Distinct(StringComparer.Ordinal).Select(name => LoadApproach(name, baseName)).ToList();
        // A timed kernel is compared with stock's, and some approaches run on it: it is made whether asked for or not.
        if (
            wanted.TrueForAll(each => each.Name.Value != ApproachDefinition.Stock)
            && (flavour == KernelFlavour.Timing || wanted.Exists(each => each.IsStockKernel))
        )
        {
            wanted.Insert(0, LoadApproach(ApproachDefinition.Stock, baseName));
        }

        return [.. wanted.OrderBy(each => each.Name.Value != ApproachDefinition.Stock)];
    }

    private ApproachDefinition LoadApproach(string name, string baseName)
    {
        if (KernelStack.IsStack(name))
        {
            return ApproachDefinition.CreateStack(
                workspace,
                [.. KernelStack.MembersOf(name).Select(member => LoadApproach(member, baseName))]
            );
        }

        var approach = ApproachDefinition.Load(workspace, name);
        if (approach.IsFlavourSupport)
        {
            throw new ConfigurationException(
                approach.File,
                approach.Flavours[0].Line,
                $"'{name}' is part of every kernel of its flavour and not built by itself"
            );
        }

        return approach.Bases.Contains(baseName)
            ? approach
            : throw new ConfigurationException(
                approach.File,
                0,
                $"'{name}' has no series for base {baseName}, only for {string.Join(", ", approach.Bases)}"
            );
    }

    /// <summary>All kernels get the base's fragments and what any of the approaches asks for, else the configuration would be measured.</summary>
    private KernelConfig MergeConfig(BaseDefinition definition, List<ApproachDefinition> wanted, KernelFlavour flavour)
    {
        var asked = wanted
            .SelectMany(each => ApproachCatalog.Resolve(workspace, each, flavour))
            .DistinctBy(each => each.Name.Value)
            .OrderBy(each => each.Name.Value, StringComparer.Ordinal)
            .SelectMany(each => each.Config.Select(symbol => ConfigSymbol.Parse(symbol.Value, each.File, symbol.Line)))
            .ToList();
        foreach (var group in asked.GroupBy(symbol => symbol.Name, StringComparer.Ordinal))
        {
            if (group.FirstOrDefault(symbol => symbol.Value != group.First().Value) is { } other)
            {
                var first = group.First();
                throw new ConfigurationException(
                    other.File,
                    other.Line,
                    $"asks for {other}, but {first.File}:{first.Line} asks for {first}; kernels that are compared share one "
                        + "configuration"
                );
            }
        }

        return KernelConfig.Merge(definition.FindFragments(workspace, flavour), asked);
    }

    private List<KernelBuild>? FindAll(string baseName, List<KernelPlan> plans, bool withSymbols)
    {
        var found = new List<KernelBuild>();
        foreach (var plan in plans)
        {
            var folder = cache.FolderOf(baseName, plan.Approach.Name.Value, plan.Flavour, plan.Hash);
            if (KernelCache.Find(folder, plan.Hash, withSymbols) is not { } build)
            {
                return null;
            }

            // A stack may have been built under another order of its names.
            found.Add(build with { Approach = plan.Approach.Name.Value });
        }

        return found;
    }
}
