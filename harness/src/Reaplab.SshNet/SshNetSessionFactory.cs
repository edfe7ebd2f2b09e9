// SPDX-License-Identifier: MIT

using Reaplab.Ssh;
using Renci.SshNet;

namespace Reaplab.SshNet;

/// <summary>Sessions through SSH.NET, inside this process: a command costs a message, not a process.</summary>
public sealed class SshNetSessionFactory : ISshSessionFactory
{
    /// <inheritdoc/>
    public string Name => "ssh.net";

    /// <inheritdoc/>
    public string Version => $"SSH.NET {typeof(SshClient).Assembly.GetName().Version?.ToString(3)}";

    /// <inheritdoc/>
    public int Preference => 1;

    /// <inheritdoc/>
    public ISshSession Create(SshTarget target) => new SshNetSession(target);
}
