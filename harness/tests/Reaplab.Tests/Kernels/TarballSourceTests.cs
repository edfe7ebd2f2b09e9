// SPDX-License-Identifier: MIT
using System.Net;
using System.Security.Cryptography;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Kernels;

public sealed class TarballSourceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_tarball_with_the_right_checksum_is_unpacked()
    {
        var tarball = await PackAsync();
        var version = await FetchAsync(tarball, Convert.ToHexStringLower(SHA256.HashData(tarball)));
        Assert.Equal("linux-6.12.1", version);
        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(Target, "Makefile"), Token));
        Assert.Equal([Target], Directory.GetFileSystemEntries(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused_and_nothing_is_kept()
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () =>
            await FetchAsync(await PackAsync(), new string('0', 64))
        );
        Assert.Contains("nothing of it is kept", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task A_missing_checksum_is_refused_before_anything_is_downloaded()
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => FetchAsync([], sha256: null));
        Assert.Contains("'tarball' has no 'sha256'", error.Message);
        Assert.EndsWith("mini.yaml", error.File);
    }

    [Fact]
    public async Task A_server_that_refuses_is_the_hosts_trouble()
    {
        var error = await Assert.ThrowsAsync<InfrastructureException>(() =>
            FetchAsync([], new string('0', 64), HttpStatusCode.NotFound)
        );
        Assert.Contains("could not download http://kernel.invalid/linux-6.12.1.tar.gz", error.Message);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(folder, "sources", "linux");

    private async Task<byte[]> PackAsync()
    {
        MiniKernel.Write(folder, "linux-6.12.1/Makefile", "hello");
        var file = Path.Combine(folder, "tarball");
        await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("tar", ["-czf", file, "-C", folder, "linux-6.12.1"], TimeSpan.FromSeconds(30)),
            Token
        );
        return await File.ReadAllBytesAsync(file, Token);
    }

    private async Task<string> FetchAsync(byte[] content, string? sha256, HttpStatusCode status = HttpStatusCode.OK)
    {
        var workspace = new Workspace(folder, folder);
        var checksum = sha256 is null ? "" : $", sha256: \"{sha256}\"";
        MiniKernel.Write(
            workspace.KernelPatches,
            "bases/mini.yaml",
            "name: mini\ndebian_package: none\nconfig: []\n"
                + $"tarball: {{url: \"http://kernel.invalid/linux-6.12.1.tar.gz\"{checksum}}}\n"
        );
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        using var client = new HttpClient(new Server(content, status));
        return await new TarballSource(BaseDefinition.Load(workspace, "mini"), client).FetchAsync(
            Target,
            new RecordedProgress(),
            Token
        );
    }

    private sealed class Server(byte[] content, HttpStatusCode status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) => Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(content) });
    }
}
