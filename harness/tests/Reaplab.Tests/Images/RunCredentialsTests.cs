// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Images;

namespace Reaplab.Tests.Images;

public sealed class RunCredentialsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Keys_are_new_private_and_named_as_ssh_names_them()
    {
        var first = await RunCredentials.CreateAsync(
            Path.Combine(folder, "one"),
            TestContext.Current.CancellationToken
        );
        var second = await RunCredentials.CreateAsync(
            Path.Combine(folder, "two"),
            TestContext.Current.CancellationToken
        );
        Assert.NotEqual(first.HostKeyFingerprint, second.HostKeyFingerprint);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.PrivateKeyPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.OverlayCpioPath));

        var known = Path.Combine(folder, "host.pub");
        await File.WriteAllTextAsync(known, first.KnownHostsPublicKey + "\n", TestContext.Current.CancellationToken);
        var shown = await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("ssh-keygen", ["-l", "-f", known], TimeSpan.FromSeconds(30)),
            TestContext.Current.CancellationToken
        );
        Assert.Contains($" {first.HostKeyFingerprint} ", shown.StandardOutput);
    }

    [Fact]
    public async Task The_overlay_holds_both_keys_where_the_guest_looks_for_them()
    {
        var credentials = await RunCredentials.CreateAsync(folder, TestContext.Current.CancellationToken);
        var list = await ProcessRunner.RunCheckedAsync(
            new ProcessRequest(
                "cpio",
                ["--list", "--verbose", "--quiet", "--file", credentials.OverlayCpioPath],
                TimeSpan.FromSeconds(30)
            ),
            TestContext.Current.CancellationToken
        );
        Assert.Matches("(?m)^-rw------- .* root/.ssh/authorized_keys$", list.StandardOutput);
        Assert.Matches("(?m)^-rw------- .* etc/dropbear/dropbear_ed25519_host_key$", list.StandardOutput);
    }
}
