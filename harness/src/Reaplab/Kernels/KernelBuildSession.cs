// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>
/// Builds kernels one after another in one source tree and one object tree, so that make compiles only what a series
/// touches. The caller holds the host lock.
/// </summary>
internal sealed class KernelBuildSession(
    Workspace workspace,
    KernelCache cache,
    BaseDefinition definition,
    KernelSource source,
    Toolchain toolchain,
    KernelConfig requested,
    KernelBuildOptions options
)
{
    private readonly GitRepository tree = new(source.Directory);
    private string? stockSignature;
    private (string Approach, KernelConfig Config)? first;

    /// <summary>The kernel from the cache, else built, checked and put there.</summary>
    public async Task<KernelBuild> FindOrBuildAsync(
        KernelPlan plan,
        string stage,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        var folder = cache.FolderOf(definition.Name.Value, plan.Approach.Name.Value, plan.Flavour, plan.Hash);
        var build = KernelCache.Find(folder, plan.Hash, options.WithSymbols);
        if (build is null)
        {
            build = await BuildAsync(plan, folder, stage, progress, cancellationToken);
        }
        else
        {
            build = build with { Approach = plan.Approach.Name.Value };
            progress.Report(new StageState(stage, "cached", 1, 1, Finished: true));
            first ??= (build.Approach, KernelConfig.Load(build.ConfigPath));
        }

        if (build.Approach == ApproachDefinition.Stock)
        {
            stockSignature = build.ElfSignature;
        }

        return build;
    }

    private async Task<KernelBuild> BuildAsync(
        KernelPlan plan,
        string folder,
        string stage,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        progress.Report(new StageState(stage, "applying the series", 0, 0));
        await PatchSeries.ApplyAsync(tree, source.Commit, plan.Series, cancellationToken);

        var objects = ObjectTree.Open(ObjectTree.PlaceOf(workspace, definition, source, plan.Flavour));
        var log = Path.Combine(workspace.CacheDirectory, "build", $"{Path.GetFileName(folder)}.log");
        File.Delete(log);

        progress.Report(new StageState(stage, "configuring", 0, 0));
        var make = new KernelMake(source.Directory, objects.Location, log);
        await make.ConfigureAsync(requested, cancellationToken);
        await CheckConfigAsync(plan, KernelConfig.Load(make.ConfigPath), cancellationToken);

        var steps = new BuildSteps(stage, objects.IsNew ? BuildSteps.OfWholeBuild(plan.Flavour) : 0, progress);
        objects.Begin();
        var failure = await make.BuildAsync(
            $"approach '{plan.Approach.Name}'",
            options.Jobs,
            steps.Take,
            cancellationToken
        );
        objects.End();
        if (failure is not null)
        {
            throw failure;
        }

        var signature = ElfSignature.Compute(Path.Combine(objects.Location, "vmlinux"));
        if (signature == stockSignature)
        {
            throw new ConfigurationException(
                plan.Approach.File,
                0,
                $"the kernel of '{plan.Approach.Name}' equals stock's: the series is not in the build (a file that is not "
                    + "compiled, or code under a symbol that is off?)"
            );
        }

        await BloatMeter.KeepSymbolsAsync(objects.Location, cancellationToken);
        var build = KernelCache.Store(
            folder,
            objects.Location,
            new KernelBuild(
                definition.Name.Value,
                plan.Approach.Name.Value,
                plan.Flavour,
                plan.Hash,
                "",
                "",
                signature,
                source.Version,
                source.Hash,
                toolchain.Compiler
            )
        );
        progress.Report(new StageState(stage, "built", 1, 1, Finished: true));
        return build;
    }

    private async Task CheckConfigAsync(KernelPlan plan, KernelConfig finished, CancellationToken cancellationToken)
    {
        var own = plan.Series.Select(each => each.File).ToHashSet(StringComparer.Ordinal);
        var approachFiles = workspace.KernelPatches + Path.DirectorySeparatorChar;
        foreach (var lost in finished.FindLost(requested))
        {
            // What another approach's series brings along can't be asked of this tree.
            var foreign = lost.File.StartsWith(approachFiles, StringComparison.Ordinal) && !own.Contains(lost.File);
            if (foreign && !await KnowsAsync("HEAD", lost.Name, cancellationToken))
            {
                continue;
            }

            throw new ConfigurationException(
                lost.File,
                lost.Line,
                $"'{lost}' did not survive in the kernel of '{plan.Approach.Name}', whose configuration says "
                    + $"{lost.Name}={finished.Get(lost.Name)}: a dependency is missing, another symbol selects it, or base "
                    + $"{definition.Name} has no such symbol"
            );
        }

        first ??= (plan.Approach.Name.Value, finished);
        foreach (var different in finished.FindDifferences(first.Value.Config))
        {
            if (await KnowsAsync(source.Commit, different, cancellationToken))
            {
                throw new ConfigurationException(
                    plan.Approach.File,
                    0,
                    $"{different} is {finished.Get(different)} in the kernel of '{plan.Approach.Name}' but "
                        + $"{first.Value.Config.Get(different)} in that of '{first.Value.Approach}': kernels that are compared "
                        + "share one configuration; name the symbol under 'config'"
                );
            }
        }
    }

    /// <summary>True where a Kconfig file of the commit defines the symbol.</summary>
    private async Task<bool> KnowsAsync(string commit, string symbol, CancellationToken cancellationToken)
    {
        var pattern = $"^[ \t]*(menu)?config {symbol["CONFIG_".Length..]}$";
        var grep = await tree.TryRunAsync(
            cancellationToken,
            "grep",
            "--quiet",
            "--extended-regexp",
            pattern,
            commit,
            "--",
            ":(glob)**/Kconfig*"
        );
        return grep.ExitCode == 0;
    }
}
