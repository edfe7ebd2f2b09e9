// SPDX-License-Identifier: MIT

namespace Reaplab.Ssh;

/// <summary>A command in the guest that is spoken to line by line. One reader and one writer at a time.</summary>
public interface ISshStream : IAsyncDisposable
{
    /// <summary>The last lines the command wrote to standard error.</summary>
    string ErrorTail { get; }

    /// <summary>Writes a line to the command's standard input.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="limit">Longest time the call may take.</param>
    /// <param name="cancellationToken">Ends the call and the stream.</param>
    /// <exception cref="SshTimeoutException">The limit passed; the stream is closed.</exception>
    /// <exception cref="SshException">The connection broke or the command has ended.</exception>
    Task WriteLineAsync(string line, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Reads a line of the command's standard output.</summary>
    /// <param name="limit">Longest time to wait for it.</param>
    /// <param name="cancellationToken">Ends the call and the stream.</param>
    /// <returns>The line without its end, or null where the command has ended.</returns>
    /// <exception cref="SshTimeoutException">The limit passed; the stream is closed.</exception>
    /// <exception cref="SshException">The connection broke.</exception>
    Task<string?> ReadLineAsync(TimeSpan limit, CancellationToken cancellationToken);
}
