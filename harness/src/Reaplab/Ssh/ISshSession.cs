// SPDX-License-Identifier: MIT

namespace Reaplab.Ssh;

/// <summary>
/// A connection to one guest. Every call has a limit that is enforced from outside the client in use, because a guest
/// stuck in reclaim is exactly the peer on which clients wait for ever. One call at a time per session, streams apart.
/// </summary>
public interface ISshSession : IAsyncDisposable
{
    /// <summary>Connects, once, and refuses any host key but the target's.</summary>
    /// <param name="limit">Longest time the call may take.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="SshTimeoutException">The limit passed.</exception>
    /// <exception cref="SshHostKeyException">The server shows another host key.</exception>
    /// <exception cref="SshException">The connection was refused or broke.</exception>
    Task ConnectAsync(TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Runs a command through the guest's shell to its end, whatever its exit status.</summary>
    /// <param name="command">The shell command.</param>
    /// <param name="limit">Longest time the call may take.</param>
    /// <param name="cancellationToken">Ends the call; the command may go on in the guest.</param>
    /// <exception cref="SshTimeoutException">The limit passed; the command may go on in the guest.</exception>
    /// <exception cref="SshException">The connection broke.</exception>
    Task<SshResult> RunAsync(string command, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Starts a command whose lines are written and read one by one.</summary>
    /// <param name="command">The shell command.</param>
    /// <param name="limit">Longest time the start may take.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="SshTimeoutException">The limit passed.</exception>
    /// <exception cref="SshException">The connection broke.</exception>
    Task<ISshStream> OpenStreamAsync(string command, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Copies a file to the guest; the guest needs no more than its shell for it.</summary>
    /// <param name="localPath">File of the host.</param>
    /// <param name="remotePath">File of the guest; replaced if it exists.</param>
    /// <param name="limit">Longest time the call may take.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="SshTimeoutException">The limit passed.</exception>
    /// <exception cref="SshException">The connection broke or the guest could not write the file.</exception>
    Task CopyToAsync(string localPath, string remotePath, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Copies a file from the guest.</summary>
    /// <param name="remotePath">File of the guest.</param>
    /// <param name="localPath">File of the host; replaced if it exists, left out if the call fails.</param>
    /// <param name="limit">Longest time the call may take.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="SshTimeoutException">The limit passed.</exception>
    /// <exception cref="SshException">The connection broke or the guest could not read the file.</exception>
    Task CopyFromAsync(string remotePath, string localPath, TimeSpan limit, CancellationToken cancellationToken);
}
