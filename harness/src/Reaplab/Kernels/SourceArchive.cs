// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Unpacks source tarballs.</summary>
internal static class SourceArchive
{
    /// <summary>1.5 GB in 85,000 files: half a minute on a good disk, many on a bad and busy one.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>Unpacks a tarball whose files lie below one top folder, which is left out.</summary>
    public static async Task UnpackAsync(string tarball, string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        await ProcessRunner.RunCheckedAsync(
            new ProcessRequest(
                "tar",
                ["--extract", "--file", tarball, "--directory", directory, "--strip-components=1", "--no-same-owner"],
                Limit
            ),
            cancellationToken
        );
    }
}
