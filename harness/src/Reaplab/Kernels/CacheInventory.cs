// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Shows and bounds the cache.</summary>
/// <param name="workspace">Names the cache.</param>
public sealed class CacheInventory(Workspace workspace)
{
    private static readonly string[] Kinds = ["kernels", "images", "selftests", "sources", "build", "apt", "try"];

    /// <summary>Pruning waits no longer for a build than a user waits for a prompt.</summary>
    private static readonly TimeSpan LockLimit = TimeSpan.FromMinutes(1);

    /// <summary>All entries, the longest unused first.</summary>
    public IReadOnlyList<CacheEntry> List() =>
        [
            .. Kinds
                .Select(kind => (Kind: kind, Folder: Path.Combine(workspace.CacheDirectory, kind)))
                .Where(each => Directory.Exists(each.Folder))
                .SelectMany(each => ListKind(each.Kind, each.Folder))
                .OrderBy(entry => entry.LastUsed),
        ];

    /// <summary>Removes what was unused longest until the rest fits.</summary>
    /// <param name="bound">Most bytes to keep; 0 empties the cache.</param>
    /// <param name="progress">Told for whom we wait.</param>
    /// <param name="cancellationToken">Ends it between two entries.</param>
    /// <returns>What was removed.</returns>
    /// <exception cref="InfrastructureException">A build or a run is going on.</exception>
    public async Task<IReadOnlyList<CacheEntry>> PruneAsync(
        long bound,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        using var hostLock = await HostLock.AcquireAsync(
            workspace,
            "pruning the cache",
            progress,
            LockLimit,
            cancellationToken
        );
        return Prune(bound, cancellationToken);
    }

    internal List<CacheEntry> Prune(long bound, CancellationToken cancellationToken)
    {
        var entries = List();
        var total = entries.Sum(entry => entry.Bytes);
        var removed = new List<CacheEntry>();
        foreach (var entry in entries)
        {
            if (total <= bound)
            {
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            Remove(entry.Path);
            total -= entry.Bytes;
            removed.Add(entry);
        }

        return removed;
    }

    private static IEnumerable<CacheEntry> ListKind(string kind, string folder)
    {
        // apt's lists belong together; of the others each child stands for itself.
        FileSystemInfo[] children =
            kind == "apt" ? [new DirectoryInfo(folder)] : new DirectoryInfo(folder).GetFileSystemInfos();
        return children.Select(child => new CacheEntry(
            kind,
            child.Name,
            child.FullName,
            Measure(child),
            child.LastWriteTimeUtc
        ));
    }

    private static long Measure(FileSystemInfo item)
    {
        if (item is FileInfo file)
        {
            return file.Length;
        }

        // Links are counted as nothing: git and kernels' object trees hold some that lead out.
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        return ((DirectoryInfo)item).EnumerateFiles("*", options).Sum(each => each.Length);
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }
}
