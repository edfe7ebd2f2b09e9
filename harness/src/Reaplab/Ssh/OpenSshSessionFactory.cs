// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Ssh;

/// <summary>Sessions through the OpenSSH client: processes that can be killed, and no package.</summary>
public sealed class OpenSshSessionFactory : ISshSessionFactory
{
    /// <summary>Printing a version takes milliseconds; 10 s only guards against a broken file system.</summary>
    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(10);

    private static readonly Lazy<string> KnownVersion = new(AskVersion);

    /// <inheritdoc/>
    public string Name => "openssh";

    /// <inheritdoc/>
    public string Version => KnownVersion.Value;

    /// <inheritdoc/>
    public int Preference => 2;

    /// <inheritdoc/>
    public ISshSession Create(SshTarget target) => new OpenSshSession(target);

    private static string AskVersion()
    {
        // Asked once per process, outside any trial; there is no asynchronous property.
        var result = ProcessRunner.RunAsync(new ProcessRequest("ssh", ["-V"], VersionLimit)).GetAwaiter().GetResult();
        return result.StandardError.Trim();
    }
}
