// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>
/// Builds the whole kernel after each patch of a series, so that a bisection through it never lands on a tree that does
/// not compile, and compares the warnings of W=1 in the files that the series touches. The caller holds the host lock.
/// </summary>
internal sealed class PatchByPatchBuild(
    Workspace workspace,
    BaseDefinition definition,
    KernelSource source,
    KernelConfig requested,
    int jobs
)
{
    private readonly GitRepository tree = new(source.Directory);

    /// <summary>Checks every patch, those behind a failing one too.</summary>
    /// <exception cref="ConfigurationException">The series does not apply.</exception>
    /// <exception cref="ReaplabException">What the series is applied to does not compile itself.</exception>
    public async Task<IReadOnlyList<PatchCheck>> RunAsync(
        ApproachDefinition approach,
        IReadOnlyList<ApproachDefinition> series,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        var name = approach.Name.Value;
        var before = series.Where(each => each.Name.Value != name).ToList();
        await PatchSeries.ApplyAsync(tree, source.Commit, before, cancellationToken);
        var start = await tree.RunAsync(cancellationToken, "rev-parse", "HEAD");
        await PatchSeries.ApplyAsync(tree, source.Commit, series, cancellationToken);
        var commits = await ListAsync(cancellationToken, "rev-list", "--reverse", $"{start}..HEAD");
        var touched = await ListAsync(
            cancellationToken,
            "log",
            "--format=",
            "--name-only",
            $"{start}..HEAD",
            "--",
            "*.c"
        );
        var (failure, warnings) = await BuildAsync(
            name,
            start,
            touched,
            $"what '{name}' is applied to",
            progress,
            cancellationToken
        );
        if (failure is not null)
        {
            throw failure;
        }

        var checks = new List<PatchCheck>();
        foreach (var (number, commit) in commits.Select((each, index) => (index + 1, each)))
        {
            var subject = await tree.RunAsync(cancellationToken, "log", "-1", "--format=%s", commit);
            (failure, var found) = await BuildAsync(
                name,
                commit,
                touched,
                $"patch {number} of {commits.Count} of '{name}' (\"{subject}\")",
                progress,
                cancellationToken
            );
            if (failure is { ExitCode: ExitCode.Infrastructure })
            {
                throw failure;
            }

            checks.Add(
                new PatchCheck(
                    number,
                    commits.Count,
                    subject,
                    failure?.Message,
                    failure is null ? CompilerWarning.FindNew(warnings, found) : []
                )
            );
            // What does not compile has no warnings to compare the next patch with.
            warnings = failure is null ? found : warnings;
        }

        return checks;
    }

    private async Task<(ReaplabException? Failure, IReadOnlyList<CompilerWarning> Warnings)> BuildAsync(
        string approach,
        string commit,
        IReadOnlyList<string> touched,
        string what,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        await tree.ResetToAsync(commit, cancellationToken);
        var objects = ObjectTree.Open(ObjectTree.PlaceOf(workspace, definition, source, KernelFlavour.Timing));
        var log = Path.Combine(workspace.CacheDirectory, "build", $"{approach}-{commit[..12]}.log");
        File.Delete(log);
        var make = new KernelMake(source.Directory, objects.Location, log);
        await make.ConfigureAsync(requested, cancellationToken);
        var steps = new BuildSteps(what, objects.IsNew ? BuildSteps.OfWholeBuild(KernelFlavour.Timing) : 0, progress);
        objects.Begin();
        var failure = await make.BuildAsync(what, jobs, steps.Take, cancellationToken);
        IReadOnlyList<CompilerWarning> warnings = [];
        if (failure is null)
        {
            // Only what this configuration compiles; the rest of a series is not in the build.
            var compiled = touched
                .Where(file => File.Exists(Path.Combine(source.Directory, file)))
                .Select(file => Path.ChangeExtension(file, ".o"))
                .Where(file => File.Exists(Path.Combine(objects.Location, file)))
                .ToList();
            (failure, warnings) = await make.FindWarningsAsync(what, compiled, jobs, cancellationToken);
        }

        objects.End();
        return (failure, warnings);
    }

    private async Task<IReadOnlyList<string>> ListAsync(
        CancellationToken cancellationToken,
        params string[] arguments
    ) =>
        [
            .. (await tree.RunAsync(cancellationToken, arguments))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Distinct(StringComparer.Ordinal),
        ];
}
