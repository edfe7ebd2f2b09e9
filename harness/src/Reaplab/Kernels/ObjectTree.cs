// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>
/// An object tree that is used again. A build that was killed may leave a half-written object that is newer than its
/// source, which make would take for finished; so a tree whose last build did not end is thrown away (ccache keeps that cheap).
/// </summary>
internal sealed class ObjectTree
{
    private readonly string markerPath;

    private ObjectTree(string location, string markerPath, bool isNew)
    {
        Location = location;
        this.markerPath = markerPath;
        IsNew = isNew;
    }

    /// <summary>The folder.</summary>
    public string Location { get; }

    /// <summary>True where nothing has been built in it.</summary>
    public bool IsNew { get; }

    /// <summary>Where the objects of a source and flavour lie.</summary>
    public static string PlaceOf(
        Workspace workspace,
        BaseDefinition definition,
        KernelSource source,
        KernelFlavour flavour
    )
    {
        var name = Path.GetFileName(Path.GetDirectoryName(source.Directory + "/"))!;
        return Path.Combine(
            workspace.CacheDirectory,
            "build",
            $"{definition.Name}-{name}-{flavour.ToString().ToLowerInvariant()}"
        );
    }

    /// <summary>Opens the tree, empty if it is new or its last build did not end.</summary>
    public static ObjectTree Open(string location)
    {
        var besideIt = location + ".building";
        if (File.Exists(besideIt) && Directory.Exists(location))
        {
            Directory.Delete(location, recursive: true);
        }

        var isNew = !Directory.Exists(location);
        Directory.CreateDirectory(location);
        Directory.SetLastWriteTimeUtc(location, DateTime.UtcNow);
        return new ObjectTree(location, besideIt, isNew);
    }

    /// <summary>Says that make runs.</summary>
    public void Begin() => File.WriteAllText(markerPath, "");

    /// <summary>Says that make ended by itself, well or not: then it has removed what it did not finish.</summary>
    public void End() => File.Delete(markerPath);
}
