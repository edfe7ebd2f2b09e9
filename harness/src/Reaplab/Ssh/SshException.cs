// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Ssh;

/// <summary>
/// The connection to a guest failed or broke. Whether the guest's kernel is to blame, only the machine's monitor can
/// tell: see Machine.ReportLostSsh.
/// </summary>
public class SshException : InfrastructureException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What failed, with the client's own words.</param>
    /// <param name="innerException">The library's exception, where there is one.</param>
    public SshException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
