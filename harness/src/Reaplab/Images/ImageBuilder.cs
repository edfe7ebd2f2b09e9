// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using Reaplab.Foundation;

namespace Reaplab.Images;

/// <summary>
/// Builds the guest image from programs of the host, files of vm-images/ and the workloads. That takes seconds, so it is
/// done every time, and the hash of the result is its name in the cache.
/// </summary>
/// <param name="workspace">The checkout and its cache.</param>
public sealed class ImageBuilder(Workspace workspace)
{
    private const uint ProgramMode = 0x1ed; // 0755

    private const string Stage = "guest image";

    private const int Steps = 3;

    /// <summary>Builds the image.</summary>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ReaplabException">A program is missing on the host, or a workload does not compile.</exception>
    public async Task<GuestImage> BuildAsync(IStageProgress progress, CancellationToken cancellationToken)
    {
        var contents = ImageContents.Load(workspace);
        progress.Report(new StageState(Stage, "compiling workloads", 0, Steps));
        var workloads = await new WorkloadBuilder(workspace).BuildAsync(cancellationToken);

        progress.Report(new StageState(Stage, "collecting programs", 1, Steps));
        var programs = contents.Programs.ToDictionary(
            entry => entry.Path.Value,
            entry => FindProgram(contents, entry),
            StringComparer.Ordinal
        );
        var libraries = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var program in programs.Values)
        {
            libraries.UnionWith(await SharedLibraries.FindAsync(program, cancellationToken));
        }

        var applets = await FindAppletsAsync(contents, programs, cancellationToken);

        progress.Report(new StageState(Stage, "packing", 2, Steps));
        using var archive = new MemoryStream();
        using (var cpio = new CpioWriter(archive))
        {
            AddSkeleton(cpio, contents);
            foreach (var (path, source) in programs)
            {
                cpio.AddFile(path, ProgramMode, await File.ReadAllBytesAsync(source, cancellationToken));
            }

            foreach (var library in libraries)
            {
                cpio.AddFile(library, ProgramMode, await File.ReadAllBytesAsync(library, cancellationToken));
            }

            foreach (var applet in applets)
            {
                cpio.AddLink($"/bin/{applet}", contents.AppletsOf.Value);
            }

            foreach (var (path, content) in workloads.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                cpio.AddFile("/reaplab/" + path, ProgramMode, content);
            }
        }

        var image = await StoreAsync(archive, cancellationToken);
        progress.Report(new StageState(Stage, "built", Steps, Steps, Finished: true));
        return image;
    }

    private void AddSkeleton(CpioWriter cpio, ImageContents contents)
    {
        foreach (var folder in contents.Directories)
        {
            cpio.AddDirectory(folder.Path, contents.ParseMode(folder.Mode));
        }

        foreach (var device in contents.Devices)
        {
            cpio.AddDevice(device.Path, contents.ParseMode(device.Mode), device.Major, device.Minor);
        }

        foreach (var file in contents.Files)
        {
            var source = Path.Combine(workspace.VmImages, file.From);
            if (!File.Exists(source))
            {
                throw new ConfigurationException(contents.File, file.Path.Line, $"there is no file {source}");
            }

            cpio.AddFile(file.Path.Value, contents.ParseMode(file.Mode), File.ReadAllBytes(source));
        }
    }

    private static string FindProgram(ImageContents contents, ImageContents.ProgramEntry entry) =>
        entry.From.FirstOrDefault(File.Exists)
        ?? throw new InfrastructureException(
            $"{contents.File}:{entry.Path.Line}: this host has none of {string.Join(", ", entry.From)}; "
                + $"install the package {entry.Package} ('make deps' installs all)"
        );

    private static async Task<IReadOnlyList<string>> FindAppletsAsync(
        ImageContents contents,
        Dictionary<string, string> programs,
        CancellationToken cancellationToken
    )
    {
        if (!programs.TryGetValue(contents.AppletsOf.Value, out var busybox))
        {
            throw new ConfigurationException(
                contents.File,
                contents.AppletsOf.Line,
                $"'{contents.AppletsOf}' is not the path of one of the programs"
            );
        }

        // busybox only prints a list it holds: 30 s is a hang.
        var list = await ProcessRunner.RunCheckedAsync(
            new ProcessRequest(busybox, ["--list"], TimeSpan.FromSeconds(30)),
            cancellationToken
        );
        return
        [
            .. list
                .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(applet => !programs.ContainsKey($"/bin/{applet}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    private async Task<GuestImage> StoreAsync(MemoryStream archive, CancellationToken cancellationToken)
    {
        archive.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(archive, cancellationToken));
        var folder = Path.Combine(workspace.CacheDirectory, "images");
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{hash[..16]}.cpio");
        if (File.Exists(path))
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return new GuestImage(path, hash);
        }

        var attempt = $"{path}.{Guid.NewGuid():n}";
        archive.Position = 0;
        await using (var file = File.Create(attempt))
        {
            await archive.CopyToAsync(file, cancellationToken);
        }

        File.Move(attempt, path, overwrite: true);
        return new GuestImage(path, hash);
    }
}
