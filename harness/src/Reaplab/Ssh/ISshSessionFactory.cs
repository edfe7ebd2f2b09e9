// SPDX-License-Identifier: MIT

namespace Reaplab.Ssh;

/// <summary>Makes sessions of one SSH client; found in this library and in plug-ins.</summary>
public interface ISshSessionFactory
{
    /// <summary>Name for --ssh and for the manifest, e.g. "openssh".</summary>
    string Name { get; }

    /// <summary>Client and version, for the manifest, e.g. "OpenSSH_9.2p1".</summary>
    string Version { get; }

    /// <summary>Lower is preferred where the user asked for none.</summary>
    int Preference { get; }

    /// <summary>Makes a session that is not connected yet.</summary>
    /// <param name="target">The guest.</param>
    ISshSession Create(SshTarget target);
}
