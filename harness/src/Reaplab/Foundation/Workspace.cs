// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>Where things are: the checkout, and the cache outside it.</summary>
/// <param name="Root">Top folder of the checkout.</param>
/// <param name="CacheDirectory">Sources, kernels and images, shared by all checkouts of this user.</param>
public sealed record Workspace(string Root, string CacheDirectory)
{
    /// <summary>Approaches and bases.</summary>
    public string KernelPatches => Path.Combine(Root, "kernel-patches");

    /// <summary>Kernel configuration, init and image contents.</summary>
    public string VmImages => Path.Combine(Root, "vm-images");

    /// <summary>Guest programs, scenarios and plans.</summary>
    public string Workloads => Path.Combine(Root, "workloads");

    /// <summary>Runs.</summary>
    public string Results => Path.Combine(Root, "results");

    /// <summary>Plug-ins built from packages that not every feed has.</summary>
    public string Plugins => Path.Combine(Root, "harness", "plugins");

    /// <summary>
    /// Finds the checkout from <c>REAPLAB_ROOT</c>, else upwards from <paramref name="start"/>; the cache is
    /// <c>REAPLAB_CACHE</c>, else reaplab under the XDG cache folder.
    /// </summary>
    /// <param name="start">Folder to search upwards from.</param>
    /// <exception cref="ReaplabException">No checkout is there.</exception>
    public static Workspace Find(string start)
    {
        var root = Environment.GetEnvironmentVariable("REAPLAB_ROOT") is { Length: > 0 } given
            ? given
            : Ancestors(start).FirstOrDefault(IsRoot);
        if (root is null || !IsRoot(root))
        {
            throw new ReaplabException(
                $"no Reaplab checkout found at or above {start}: run inside one, or set REAPLAB_ROOT",
                ExitCode.Usage
            );
        }

        return new Workspace(Path.GetFullPath(root), FindCache());
    }

    private static bool IsRoot(string folder) => Directory.Exists(Path.Combine(folder, "kernel-patches"));

    private static IEnumerable<string> Ancestors(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }

    private static string FindCache()
    {
        if (Environment.GetEnvironmentVariable("REAPLAB_CACHE") is { Length: > 0 } given)
        {
            return Path.GetFullPath(given);
        }

        var parent = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(parent, "reaplab");
    }
}
