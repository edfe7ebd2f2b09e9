// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Cli.Display;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab cache</c>: what the cache holds, and bounding it.</summary>
internal static class CacheCommand
{
    internal static Command Create()
    {
        var prune = new Option<string?>("--prune")
        {
            Description = "Remove what was unused longest until the cache is at most this large, e.g. 10GiB",
        };
        var command = new Command("cache", "Show or bound the cache of sources, kernels and images") { prune };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var inventory = new CacheInventory(Workspace.Find(Environment.CurrentDirectory));
                if (parsed.GetValue(prune) is { } bound)
                {
                    if (!ByteSize.TryParse(bound, out var bytes))
                    {
                        throw new ReaplabException($"--prune {bound}: not a size such as 10GiB", ExitCode.Usage);
                    }

                    var removed = await inventory.PruneAsync(bytes, new ConsoleDisplay(), cancellationToken);
                    Show("removed", removed);
                }

                Show("kept", inventory.List());
                return (int)ExitCode.Success;
            }
        );
        return command;
    }

    private static void Show(string heading, IReadOnlyList<CacheEntry> entries)
    {
        Console.WriteLine($"{heading}: {entries.Sum(entry => entry.Bytes) >> 20} MiB");
        foreach (var entry in entries)
        {
            Console.WriteLine($"{entry.Bytes >> 20, 8} MiB  {entry.LastUsed:yyyy-MM-dd}  {entry.Kind} {entry.Name}");
        }
    }
}
