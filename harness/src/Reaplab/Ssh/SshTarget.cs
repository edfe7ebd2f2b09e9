// SPDX-License-Identifier: MIT

namespace Reaplab.Ssh;

/// <summary>A guest to connect to. All guests of a run share its keys.</summary>
/// <param name="Port">The machine's forwarded port on 127.0.0.1.</param>
/// <param name="PrivateKeyPath">The run's key, in OpenSSH's own format, without a passphrase.</param>
/// <param name="HostPublicKey">The only host key accepted, as in a .pub file: "ssh-ed25519 AAAA…".</param>
/// <param name="SocketDirectory">A private folder with a short path that lives at least as long as the session.</param>
public sealed record SshTarget(int Port, string PrivateKeyPath, string HostPublicKey, string SocketDirectory)
{
    /// <summary>Guests are reached through QEMU's forwarding only.</summary>
    public const string Host = "127.0.0.1";

    /// <summary>The guest has no other user.</summary>
    public const string User = "root";

    /// <summary>The key's type, e.g. "ssh-ed25519".</summary>
    public string HostKeyType => HostPublicKey.Split(' ')[0];

    /// <summary>The key itself, in base64.</summary>
    public string HostKeyBlob => HostPublicKey.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim();
}
