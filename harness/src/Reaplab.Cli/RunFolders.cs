// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Foundation;
using Reaplab.Trials;

namespace Reaplab.Cli;

/// <summary>The runs below results/.</summary>
internal static class RunFolders
{
    /// <summary>All runs, the newest last.</summary>
    /// <param name="workspace">The checkout.</param>
    internal static IEnumerable<RunFolder> Find(Workspace workspace) =>
        Directory.Exists(workspace.Results)
            ? Directory
                .EnumerateDirectories(workspace.Results)
                .Where(folder => new DirectoryInfo(folder).LinkTarget is null)
                .Order(StringComparer.Ordinal)
                .Select(folder => new RunFolder(folder))
                .Where(folder => File.Exists(folder.Manifest))
            : [];

    /// <summary>The run a user names: its name, its folder, or "latest".</summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="name">What the user typed.</param>
    internal static RunFolder Choose(Workspace workspace, string name)
    {
        string[] candidates = [Path.Combine(workspace.Results, name), name];
        var found = candidates.FirstOrDefault(Directory.Exists);
        return found is not null
            ? new RunFolder(Path.GetFullPath(found))
            : throw new ReaplabException(
                $"there is no run '{name}' in {workspace.Results}; 'reaplab list runs' shows them",
                ExitCode.Usage
            );
    }

    /// <summary>A new run's folder, named YYYYMMDD-HHMMSS-PLAN-HASH.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="plan">The plan's name.</param>
    /// <param name="hash">The experiment's hash.</param>
    internal static RunFolder Create(Workspace workspace, string plan, string hash)
    {
        var time = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var folder = new RunFolder(Path.Combine(workspace.Results, $"{time}-{plan}-{hash[..8]}"));
        Directory.CreateDirectory(folder.Path);
        return folder;
    }

    /// <summary>Points results/latest at a run.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="folder">The run.</param>
    internal static void PointLatest(Workspace workspace, RunFolder folder)
    {
        var link = Path.Combine(workspace.Results, "latest");
        File.Delete(link);
        File.CreateSymbolicLink(link, Path.GetFileName(folder.Path));
    }

    /// <summary>Ends a command with what the user wants next: where to look.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="summary">Its report.</param>
    internal static void SayWhere(RunFolder folder, ReportSummary summary)
    {
        Console.WriteLine();
        Console.WriteLine($"run:    {folder.Path}");
        foreach (var plot in summary.Plots)
        {
            Console.WriteLine($"plot:   {plot}");
        }
    }
}
