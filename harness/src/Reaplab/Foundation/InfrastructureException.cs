// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>The host, QEMU, the network or SSH failed: worth a retry, never a result.</summary>
public class InfrastructureException : ReaplabException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What failed and what to do next.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public InfrastructureException(string message, Exception? innerException = null)
        : base(message, ExitCode.Infrastructure, innerException) { }
}
