// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>A tarball from the address in the base's file, trusted by its checksum alone.</summary>
/// <param name="definition">The base.</param>
/// <param name="client">Fetches it.</param>
internal sealed class TarballSource(BaseDefinition definition, HttpClient client) : ISourceProvider
{
    /// <inheritdoc/>
    public async Task<string> FetchAsync(string directory, IStageProgress progress, CancellationToken cancellationToken)
    {
        var tarball =
            definition.Tarball
            ?? throw new ConfigurationException(
                definition.File,
                0,
                "this host has no apt, and the base names no 'tarball'; add one or use your own tree with KERNEL_TREE=DIR"
            );
        if (tarball.Sha256 is not { Length: 64 } expected)
        {
            throw new ConfigurationException(
                definition.File,
                0,
                $"this host has no apt, and 'tarball' has no 'sha256' (64 hexadecimal digits), so {tarball.Url} is not "
                    + "downloaded. Take the checksum from sha256sums.asc beside the tarball after checking that file's "
                    + "signature and write it there, or use your own tree with KERNEL_TREE=DIR"
            );
        }

        var file = directory + ".tar" + Path.GetExtension(tarball.Url);
        await DownloadAsync(new Uri(tarball.Url), file, progress, cancellationToken);
        await using (var stream = File.OpenRead(file))
        {
            var actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
            if (!string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase))
            {
                File.Delete(file);
                throw new ConfigurationException(
                    definition.File,
                    0,
                    $"{tarball.Url} has the SHA-256 {actual}, but 'sha256' says {expected}: the download is damaged or was "
                        + "tampered with, or the file is wrong; nothing of it is kept"
                );
            }
        }

        progress.Report(new StageState($"source {definition.Name}", "unpacking", 1, 3));
        await SourceArchive.UnpackAsync(file, directory, cancellationToken);
        File.Delete(file);
        var name = Path.GetFileName(tarball.Url);
        return name[..name.IndexOf(".tar", StringComparison.Ordinal)];
    }

    private async Task DownloadAsync(
        Uri address,
        string file,
        IStageProgress progress,
        CancellationToken cancellationToken
    )
    {
        // HttpClient's own limit ends with the headers; a body that stalls must not hang us.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(SourceArchive.Limit);
        try
        {
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            response.EnsureSuccessStatusCode();
            var total = response.Content.Headers.ContentLength ?? 0;
            await using var source = await response.Content.ReadAsStreamAsync(limit.Token);
            await using var target = File.Create(file);
            var buffer = new byte[1 << 20];
            long done = 0;
            for (int count; (count = await source.ReadAsync(buffer, limit.Token)) > 0; )
            {
                await target.WriteAsync(buffer.AsMemory(0, count), limit.Token);
                done += count;
                progress.Report(new StageState($"source {definition.Name}", $"downloading {address}", done, total));
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new InfrastructureException($"could not download {address}: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InfrastructureException(
                $"could not download {address} within {SourceArchive.Limit.TotalMinutes} minutes",
                exception
            );
        }
    }
}
