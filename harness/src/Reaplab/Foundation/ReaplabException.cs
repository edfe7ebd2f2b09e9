// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>
/// A failure the user can act on: its message stands alone, without a stack trace, and names the file and line or the
/// command and its last output.
/// </summary>
public class ReaplabException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">What failed, where, and what to do next.</param>
    /// <param name="exitCode">The status the program ends with if nobody handles the failure.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ReaplabException(string message, ExitCode exitCode, Exception? innerException = null)
        : base(message, innerException)
    {
        ExitCode = exitCode;
    }

    /// <summary>The status the program ends with if nobody handles the failure.</summary>
    public ExitCode ExitCode { get; }
}
