// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using Reaplab.Foundation;

namespace Reaplab.Images;

/// <summary>Keys of one run: nobody but its harness can reach its guests, and no old guest passes for a new one.</summary>
/// <param name="PrivateKeyPath">The client's private key, in OpenSSH's form.</param>
/// <param name="KnownHostsPublicKey">The guest's host key as known_hosts spells it: "ssh-ed25519 AAAA…".</param>
/// <param name="OverlayCpioPath">Archive to append to the image: authorized_keys and the guest's private host key.</param>
/// <param name="HostKeyFingerprint">Fingerprint of the host key as ssh-keygen prints it: "SHA256:…".</param>
public sealed record RunCredentials(
    string PrivateKeyPath,
    string KnownHostsPublicKey,
    string OverlayCpioPath,
    string HostKeyFingerprint
)
{
    /// <summary>Ed25519 keys are made at once; only a host without randomness would wait.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Makes the keys.</summary>
    /// <param name="directory">Folder for them, made if missing and closed to other users.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProcessFailedException">ssh-keygen or dropbearkey failed or is missing.</exception>
    public static async Task<RunCredentials> CreateAsync(string directory, CancellationToken cancellationToken)
    {
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(directory, Private | UnixFileMode.UserExecute);
        var client = Path.Combine(directory, "client_ed25519");
        var host = Path.Combine(directory, "host_ed25519");
        foreach (var old in new[] { client, client + ".pub", host, host + ".pub" })
        {
            File.Delete(old);
        }

        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "reaplab", "-f", client);
        var made = await RunAsync("dropbearkey", "-t", "ed25519", "-f", host);
        var hostKey =
            made.Split('\n').FirstOrDefault(line => line.StartsWith("ssh-ed25519 ", StringComparison.Ordinal))
            ?? throw new InfrastructureException($"dropbearkey printed no public key:\n{made}");
        // The third word is a comment with the name of this host.
        var words = hostKey.Split(' ');
        var fingerprint = Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(words[1]))).TrimEnd('=');

        var overlay = Path.Combine(directory, "credentials.cpio");
        await using (var file = File.Create(overlay))
        {
            using var cpio = new CpioWriter(file);
            cpio.AddDirectory("/root", 0x1c0);
            cpio.AddDirectory("/root/.ssh", 0x1c0);
            cpio.AddFile(
                "/root/.ssh/authorized_keys",
                0x180,
                await File.ReadAllBytesAsync(client + ".pub", cancellationToken)
            );
            cpio.AddDirectory("/etc/dropbear");
            cpio.AddFile(
                "/etc/dropbear/dropbear_ed25519_host_key",
                0x180,
                await File.ReadAllBytesAsync(host, cancellationToken)
            );
        }

        File.SetUnixFileMode(overlay, Private);
        return new RunCredentials(client, $"{words[0]} {words[1]}", overlay, "SHA256:" + fingerprint);

        async Task<string> RunAsync(string program, params string[] arguments) =>
            (
                await ProcessRunner.RunCheckedAsync(new ProcessRequest(program, arguments, Limit), cancellationToken)
            ).StandardOutput;
    }
}
