// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text;
using Reaplab.Foundation;

namespace Reaplab.Ssh;

/// <summary>
/// A session through the OpenSSH client: one process holds the connection (ControlMaster), one more per command speaks
/// through it. A call that passes its limit has its process killed.
/// </summary>
internal sealed class OpenSshSession(SshTarget target) : ISshSession
{
    /// <summary>ssh's status for its own failures, which a command may also end with.</summary>
    private const int ClientFailure = 255;

    /// <summary>The control socket appears when the user is authenticated; nothing else tells, so it is looked for.</summary>
    private static readonly TimeSpan SocketPollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>After a broken connection the holder of it ends within milliseconds of its commands.</summary>
    private static readonly TimeSpan MasterEndGrace = TimeSpan.FromMilliseconds(500);

    private static int sessions;

    private readonly string controlPath = Path.Combine(
        target.SocketDirectory,
        $"ssh{Interlocked.Increment(ref sessions) % 10000}"
    );
    private OpenSshArguments? arguments;
    private ChildProcess? master;

    /// <inheritdoc/>
    public async Task ConnectAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (master is not null)
        {
            throw new InvalidOperationException("a session connects once");
        }

        var knownHosts = controlPath + ".known_hosts";
        arguments = new OpenSshArguments(target, controlPath, knownHosts);
        await File.WriteAllTextAsync(knownHosts, arguments.KnownHostsLine, cancellationToken);
        master = await ChildProcess.StartAsync("ssh", arguments.Master(limit), pipeOutput: false);
        var clock = Stopwatch.StartNew();
        while (!File.Exists(controlPath))
        {
            if (master.Exited.IsCompleted)
            {
                throw master.ErrorTail.Contains("Host key verification failed", StringComparison.Ordinal)
                    ? new SshHostKeyException(target)
                    : new SshException($"SSH: cannot connect to {SshTarget.Host}:{target.Port}: {master.ErrorTail}");
            }

            if (clock.Elapsed >= limit)
            {
                master.Kill();
                throw new SshTimeoutException($"connecting to {SshTarget.Host}:{target.Port}", limit);
            }

            await Task.WhenAny(master.Exited, Task.Delay(SocketPollInterval, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public async Task<SshResult> RunAsync(string command, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var (status, errors) = await ExecuteAsync(command, Stream.Null, output, limit, cancellationToken);
        return new SshResult(status, Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length), errors);
    }

    /// <inheritdoc/>
    public async Task<ISshStream> OpenStreamAsync(string command, TimeSpan limit, CancellationToken cancellationToken)
    {
        EnsureConnected();
        cancellationToken.ThrowIfCancellationRequested();
        // Starting a process does not wait for the guest, so the limit has nothing to do here.
        var child = await ChildProcess.StartAsync("ssh", arguments!.Command(command), pipeOutput: true);
        return new OpenSshStream(child, command, () => ExplainAsync(command, child));
    }

    /// <inheritdoc/>
    public async Task CopyToAsync(
        string localPath,
        string remotePath,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        await using var input = File.OpenRead(localPath);
        var command = RemoteFile.WriteCommand(remotePath);
        var (status, errors) = await ExecuteAsync(command, input, Stream.Null, limit, cancellationToken);
        RemoteFile.Check(status, errors, $"the guest could not write {remotePath}");
    }

    /// <inheritdoc/>
    public async Task CopyFromAsync(
        string remotePath,
        string localPath,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        await RemoteFile.WriteLocallyAsync(
            localPath,
            async output =>
            {
                var command = RemoteFile.ReadCommand(remotePath);
                var (status, errors) = await ExecuteAsync(command, Stream.Null, output, limit, cancellationToken);
                RemoteFile.Check(status, errors, $"the guest could not read {remotePath}");
            }
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (master is not null)
        {
            await master.DisposeAsync();
        }

        // The folder may have gone with its machine.
        if (Directory.Exists(target.SocketDirectory))
        {
            File.Delete(controlPath);
            File.Delete(controlPath + ".known_hosts");
        }
    }

    private async Task<(int Status, string Errors)> ExecuteAsync(
        string command,
        Stream input,
        Stream output,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        EnsureConnected();
        await using var child = await ChildProcess.StartAsync("ssh", arguments!.Command(command), pipeOutput: true);
        var status = await SshLimit.EnforceAsync(
            TransferAsync(child, input, output),
            $"command '{command}'",
            limit,
            child.Kill,
            cancellationToken
        );
        if (status == ClientFailure && await ExplainAsync(command, child) is { } lost)
        {
            throw lost;
        }

        return (status, child.ErrorTail);
    }

    private static async Task<int> TransferAsync(ChildProcess child, Stream input, Stream output)
    {
        var reading = child.StandardOutput.CopyToAsync(output);
        try
        {
            await input.CopyToAsync(child.StandardInput.BaseStream);
            child.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command ended without reading all; its status says whether that mattered.
        }

        await reading;
        return await child.Exited;
    }

    /// <summary>The failure behind status 255, or null where the command itself ended with it.</summary>
    private async Task<SshException?> ExplainAsync(string command, ChildProcess child)
    {
        await Task.WhenAny(master!.Exited, Task.Delay(MasterEndGrace));
        var said = child.ErrorTail;
        var failed =
            master.Exited.IsCompleted
            || said.Contains("mux_client", StringComparison.Ordinal)
            || said.Contains("Connection closed by UNKNOWN", StringComparison.Ordinal);
        var words = string.Join(' ', new[] { said, master.ErrorTail }.Where(text => text.Length > 0));
        return failed ? new SshException($"SSH: the connection broke in command '{command}': {words}") : null;
    }

    private void EnsureConnected()
    {
        if (master is null)
        {
            throw new InvalidOperationException("connect the session first");
        }

        if (master.Exited.IsCompleted)
        {
            throw new SshException(
                $"SSH: the connection to {SshTarget.Host}:{target.Port} is gone: {master.ErrorTail}"
            );
        }
    }
}
