// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.Json.Serialization;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Finished kernels, each a folder that appears at once and whole.</summary>
/// <param name="workspace">Names the cache.</param>
internal sealed class KernelCache(Workspace workspace)
{
    /// <summary>Name of the symbols in a kernel's folder, and in the object tree.</summary>
    internal const string SymbolsName = "vmlinux.symbols";

    private const string RecordName = "kernel.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Where a kernel of this identity lies or will lie.</summary>
    public string FolderOf(string baseName, string approach, KernelFlavour flavour, string hash) =>
        Path.Combine(
            workspace.CacheDirectory,
            "kernels",
            $"{baseName}-{NameOf(approach)}-{flavour.ToString().ToLowerInvariant()}-{hash[..16]}"
        );

    /// <summary>A kernel with twenty approaches would have a name that no file may have.</summary>
    private static string NameOf(string approach) =>
        KernelStack.IsStack(approach) ? $"stack-of-{KernelStack.MembersOf(approach).Count}" : approach;

    /// <summary>A kernel of this identity, or null. Using one keeps it from being pruned first.</summary>
    public static KernelBuild? Find(string folder, string hash, bool withSymbols = false)
    {
        if (withSymbols && !File.Exists(Path.Combine(folder, SymbolsName)))
        {
            return null;
        }

        var record = Path.Combine(folder, RecordName);
        if (!File.Exists(record))
        {
            return null;
        }

        var build = JsonSerializer.Deserialize<KernelBuild>(File.ReadAllText(record), Json);
        if (build is null || build.Hash != hash || !File.Exists(Path.Combine(folder, "bzImage")))
        {
            return null;
        }

        Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow);
        // The cache may have been moved since.
        return build with { ImagePath = Path.Combine(folder, "bzImage"), ConfigPath = Path.Combine(folder, "config") };
    }

    /// <summary>Copies a finished kernel from its object tree into the cache.</summary>
    public static KernelBuild Store(string folder, string objects, KernelBuild build)
    {
        var attempt = folder + ".partial";
        if (Directory.Exists(attempt))
        {
            Directory.Delete(attempt, recursive: true);
        }

        Directory.CreateDirectory(attempt);
        File.Copy(Path.Combine(objects, "arch", "x86", "boot", "bzImage"), Path.Combine(attempt, "bzImage"));
        File.Copy(Path.Combine(objects, ".config"), Path.Combine(attempt, "config"));
        File.Copy(Path.Combine(objects, "System.map"), Path.Combine(attempt, "System.map"));
        File.Copy(Path.Combine(objects, SymbolsName), Path.Combine(attempt, SymbolsName));
        var stored = build with
        {
            ImagePath = Path.Combine(folder, "bzImage"),
            ConfigPath = Path.Combine(folder, "config"),
        };
        File.WriteAllText(Path.Combine(attempt, RecordName), JsonSerializer.Serialize(stored, Json));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.Move(attempt, folder);
        return stored;
    }
}
