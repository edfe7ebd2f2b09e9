// SPDX-License-Identifier: MIT

namespace Reaplab.Ssh;

/// <summary>A call passed its limit and was abandoned; a stream it concerned is closed, the session may be tried again.</summary>
public sealed class SshTimeoutException : SshException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="operation">What was under way, e.g. "command 'true'".</param>
    /// <param name="limit">The limit passed.</param>
    public SshTimeoutException(string operation, TimeSpan limit)
        : base($"SSH: {operation} passed its limit of {limit.TotalSeconds:0.###} s and was given up") => Limit = limit;

    /// <summary>The limit passed.</summary>
    public TimeSpan Limit { get; }
}
