// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Images;

/// <summary>The guest's second disk: an ext4 filesystem that can be frozen, and files that can be evicted.</summary>
public static class DiskImage
{
    /// <summary>Size unless a scenario asks for another: 128 MiB.</summary>
    public const long DefaultBytes = 128L << 20;

    /// <summary>Makes a sparse file with an empty ext4 filesystem; an old one is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProcessFailedException">mke2fs failed or is missing.</exception>
    public static async Task CreateAsync(string path, long bytes, CancellationToken cancellationToken)
    {
        await using (var file = File.Create(path))
        {
            file.SetLength(bytes);
        }

        // Without a reserve and lazy initialisation: a guest's kernel would otherwise write in the background of trials.
        await ProcessRunner.RunCheckedAsync(
            new ProcessRequest(
                "mke2fs",
                ["-q", "-F", "-t", "ext4", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", path],
                TimeSpan.FromMinutes(2)
            ),
            cancellationToken
        );
    }
}
