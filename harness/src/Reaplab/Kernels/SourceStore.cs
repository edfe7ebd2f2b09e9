// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Sources in the cache: fetched once per base, then used until the cache is emptied.</summary>
/// <param name="workspace">Names the cache.</param>
internal sealed class SourceStore(Workspace workspace)
{
    private const string RecordName = "source.json";

    private static readonly HttpClient Client = new();

    private string Root => Path.Combine(workspace.CacheDirectory, "sources");

    /// <summary>The source of a base as the cache has it, or null.</summary>
    public KernelSource? Find(BaseDefinition definition)
    {
        var folder = Path.Combine(Root, definition.Name.Value);
        var file = Path.Combine(folder, RecordName);
        if (!File.Exists(file))
        {
            return null;
        }

        // Used just now: the last to be pruned.
        Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow);
        return JsonSerializer.Deserialize<KernelSource>(File.ReadAllText(file)) is { } source
            ? source with
            {
                Directory = Path.Combine(folder, "linux"),
            }
            : null;
    }

    /// <summary>Fetches the source of a base; the caller holds the host lock.</summary>
    public async Task<KernelSource> FetchAsync(
        BaseDefinition definition,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        if (Find(definition) is { } found)
        {
            return found;
        }

        // Everything of an attempt lies in one folder that gets its name when all is done.
        var final = Path.Combine(Root, definition.Name.Value);
        var attempt = final + ".partial";
        DeleteFolder(attempt);
        DeleteFolder(final);
        Directory.CreateDirectory(attempt);
        ISourceProvider provider = AptArchive.IsAvailable
            ? new DebianSource(definition, Path.Combine(workspace.CacheDirectory, "apt"))
            : new TarballSource(definition, Client);
        var version = await provider.FetchAsync(Path.Combine(attempt, "linux"), progress, cancellationToken);

        progress.Report(new StageState($"source {definition.Name}", $"recording {version}", 2, 3));
        var repository = new GitRepository(Path.Combine(attempt, "linux"));
        await repository.ImportAsync($"Linux {version}", cancellationToken);
        var source = new KernelSource(
            version,
            await repository.RunAsync(cancellationToken, "rev-parse", "HEAD^{tree}"),
            await repository.RunAsync(cancellationToken, "rev-parse", "HEAD"),
            Path.Combine(final, "linux")
        );
        await File.WriteAllTextAsync(
            Path.Combine(attempt, RecordName),
            JsonSerializer.Serialize(source),
            cancellationToken
        );
        Directory.Move(attempt, final);
        progress.Report(new StageState($"source {definition.Name}", version, 3, 3, Finished: true));
        return source;
    }

    /// <summary>Brings the cache's clone of a user's tree up to date; the caller holds the host lock.</summary>
    public Task<KernelSource> FetchTreeAsync(
        string tree,
        string? commit,
        bool allowDirty,
        CancellationToken cancellationToken
    )
    {
        var full = Path.GetFullPath(tree);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full)))[..12];
        return new UserTree(full).FetchAsync(Path.Combine(Root, "tree-" + key), commit, allowDirty, cancellationToken);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
