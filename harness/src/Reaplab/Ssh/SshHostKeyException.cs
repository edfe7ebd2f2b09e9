// SPDX-License-Identifier: MIT

namespace Reaplab.Ssh;

/// <summary>Another host key than the run's own was shown: whatever listens on the port, it is not our guest.</summary>
public sealed class SshHostKeyException : SshException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="target">The guest meant.</param>
    /// <param name="innerException">The library's exception, where there is one.</param>
    public SshHostKeyException(SshTarget target, Exception? innerException = null)
        : base(
            $"SSH: the server on {SshTarget.Host}:{target.Port} shows another host key than this run's; it is not the guest just booted",
            innerException
        ) { }
}
