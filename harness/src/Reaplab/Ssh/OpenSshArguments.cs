// SPDX-License-Identifier: MIT

using System.Globalization;

namespace Reaplab.Ssh;

/// <summary>Composes ssh's arguments. The user's own configuration, keys, agent and known hosts play no part.</summary>
/// <param name="target">The guest.</param>
/// <param name="controlPath">Socket of the shared connection.</param>
/// <param name="knownHosts">File that holds the one host key accepted.</param>
internal sealed class OpenSshArguments(SshTarget target, string controlPath, string knownHosts)
{
    /// <summary>Stands in the known-hosts file in place of the address, whose port differs from boot to boot.</summary>
    private const string HostAlias = "reaplab-guest";

    /// <summary>
    /// ssh's own limit only stops a client that nobody ends any more. It lies this far behind the session's: were both
    /// the same, either could come first, and a time-out would now and then look like a refused connection.
    /// </summary>
    private static readonly TimeSpan ClientLag = TimeSpan.FromSeconds(5);

    /// <summary>The one line of the known-hosts file.</summary>
    public string KnownHostsLine => $"{HostAlias} {target.HostKeyType} {target.HostKeyBlob}\n";

    /// <summary>Arguments of the shared connection.</summary>
    /// <param name="connectLimit">The session's own limit, which ends the process when it passes.</param>
    public IReadOnlyList<string> Master(TimeSpan connectLimit) =>
        [
            .. Common("yes"),
            "-o",
            string.Create(
                CultureInfo.InvariantCulture,
                $"ConnectTimeout={(int)Math.Ceiling((connectLimit + ClientLag).TotalSeconds)}"
            ),
            "-N",
            $"{SshTarget.User}@{SshTarget.Host}",
        ];

    /// <summary>Arguments of one command over the shared connection.</summary>
    /// <param name="command">The shell command.</param>
    public IReadOnlyList<string> Command(string command) =>
        [
            .. Common("no"),
            // Without its shared connection ssh would quietly make one of its own: let that fail at once.
            "-o",
            "ProxyCommand=exit 1",
            $"{SshTarget.User}@{SshTarget.Host}",
            "--",
            command,
        ];

    private List<string> Common(string controlMaster)
    {
        string[] options =
        [
            $"ControlMaster={controlMaster}",
            $"ControlPath=\"{controlPath.Replace("%", "%%", StringComparison.Ordinal)}\"",
            "ControlPersist=no",
            "BatchMode=yes",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "PreferredAuthentications=publickey",
            $"IdentityFile=\"{target.PrivateKeyPath.Replace("%", "%%", StringComparison.Ordinal)}\"",
            $"UserKnownHostsFile=\"{knownHosts.Replace("%", "%%", StringComparison.Ordinal)}\"",
            "GlobalKnownHostsFile=/dev/null",
            "StrictHostKeyChecking=yes",
            "UpdateHostKeys=no",
            "CheckHostIP=no",
            $"HostKeyAlias={HostAlias}",
            $"HostKeyAlgorithms={target.HostKeyType}",
            // The post-quantum exchanges cost an emulated guest a large part of a second, and this wire is loopback.
            "KexAlgorithms=curve25519-sha256",
            // No traffic of its own accord: nothing may wake the guest in a trial.
            "ServerAliveInterval=0",
            "TCPKeepAlive=no",
            "LogLevel=ERROR",
        ];
        return
        [
            "-F",
            "none",
            "-T",
            "-p",
            target.Port.ToString(CultureInfo.InvariantCulture),
            .. options.SelectMany(option => new[] { "-o", option }),
        ];
    }
}
