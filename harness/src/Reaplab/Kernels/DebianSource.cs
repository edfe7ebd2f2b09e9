// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>The newest source package of the Debian archive.</summary>
/// <param name="definition">The base.</param>
/// <param name="aptRoot">Folder of the private apt root.</param>
internal sealed class DebianSource(BaseDefinition definition, string aptRoot) : ISourceProvider
{
    /// <inheritdoc/>
    public async Task<string> FetchAsync(string directory, IStageProgress progress, CancellationToken cancellationToken)
    {
        var stage = $"source {definition.Name}";
        progress.Report(new StageState(stage, $"downloading {definition.DebianPackage}", 0, 3));
        var (version, package) = await new AptArchive(aptRoot).DownloadNewestAsync(
            definition.DebianPackage,
            definition.DebianSuites,
            cancellationToken
        );

        progress.Report(new StageState(stage, "unpacking", 1, 3));
        var unpacked = directory + ".deb";
        await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("dpkg-deb", ["--extract", package, unpacked], SourceArchive.Limit),
            cancellationToken
        );
        var tarball =
            Directory
                .EnumerateFiles(Path.Combine(unpacked, "usr", "src"), "linux-source-*.tar.*")
                .Order(StringComparer.Ordinal)
                .FirstOrDefault()
            ?? throw new InfrastructureException($"{package} holds no /usr/src/linux-source-*.tar.*");
        await SourceArchive.UnpackAsync(tarball, directory, cancellationToken);
        Directory.Delete(unpacked, recursive: true);
        File.Delete(package);
        return version;
    }
}
