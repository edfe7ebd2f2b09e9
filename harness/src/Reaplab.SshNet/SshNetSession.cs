// SPDX-License-Identifier: MIT

using System.Net.Sockets;
using Reaplab.Ssh;
using Renci.SshNet;
using SshException = Reaplab.Ssh.SshException;

namespace Reaplab.SshNet;

/// <summary>
/// A session through SSH.NET. The library blocks in places that know no limit and no cancellation (opening a channel,
/// disconnecting from a peer that is silent), so each of its calls runs on a thread of its own and is abandoned when its
/// limit passes; the thread ends with the machine, whose end closes the socket.
/// </summary>
internal sealed class SshNetSession : ISshSession
{
    /// <summary>Disconnecting waits for a silent peer; the machine is about to be killed anyway.</summary>
    private static readonly TimeSpan DisconnectGrace = TimeSpan.FromSeconds(1);

    private readonly SshTarget target;
    private readonly byte[] hostKey;
    private SshClient? client;
    private bool wrongHostKey;

    internal SshNetSession(SshTarget target)
    {
        this.target = target;
        hostKey = Convert.FromBase64String(target.HostKeyBlob);
    }

    /// <inheritdoc/>
    public async Task ConnectAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (client is not null)
        {
            throw new InvalidOperationException("a session connects once");
        }

        client = CreateClient(limit);
        try
        {
            await SshLimit.EnforceAsync(
                BlockingCall.RunAsync(() =>
                {
                    client.Connect();
                    return true;
                }),
                $"connecting to {SshTarget.Host}:{target.Port}",
                limit,
                Abandon,
                cancellationToken
            );
        }
        catch (Exception exception) when (IsLibraryFailure(exception))
        {
            throw wrongHostKey
                ? new SshHostKeyException(target, exception)
                : new SshException(
                    $"SSH: cannot connect to {SshTarget.Host}:{target.Port}: {exception.Message}",
                    exception
                );
        }
    }

    /// <inheritdoc/>
    public async Task<SshResult> RunAsync(string command, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var (status, errors) = await ExecuteAsync(command, Stream.Null, output, limit, cancellationToken);
        return new SshResult(
            status,
            System.Text.Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length),
            errors
        );
    }

    /// <inheritdoc/>
    public async Task<ISshStream> OpenStreamAsync(string command, TimeSpan limit, CancellationToken cancellationToken)
    {
        var running = new SshNetCommand(Connected(), command);
        try
        {
            await SshLimit.EnforceAsync(
                running.StartAsync(),
                $"starting '{command}'",
                limit,
                running.Abandon,
                cancellationToken
            );
        }
        catch (Exception exception) when (IsLibraryFailure(exception))
        {
            running.Abandon();
            throw Broken(command, exception);
        }

        return new SshNetStream(running);
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
    public Task CopyFromAsync(
        string remotePath,
        string localPath,
        TimeSpan limit,
        CancellationToken cancellationToken
    ) =>
        RemoteFile.WriteLocallyAsync(
            localPath,
            async output =>
            {
                var command = RemoteFile.ReadCommand(remotePath);
                var (status, errors) = await ExecuteAsync(command, Stream.Null, output, limit, cancellationToken);
                RemoteFile.Check(status, errors, $"the guest could not read {remotePath}");
            }
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (client is { } closing)
        {
            var closed = BlockingCall.RunAsync(() =>
            {
                closing.Dispose();
                return true;
            });
            await Task.WhenAny(closed, Task.Delay(DisconnectGrace));
            BlockingCall.Forget(closed);
        }
    }

    /// <summary>The library's own exceptions, and those of the socket and the objects it disposes under its callers.</summary>
    internal static bool IsLibraryFailure(Exception exception) =>
        exception
            is Renci.SshNet.Common.SshException
                or SocketException
                or IOException
                or ObjectDisposedException
                or InvalidOperationException;

    internal static SshException Broken(string command, Exception exception) =>
        new($"SSH: the connection broke in command '{command}': {exception.Message}", exception);

    private SshClient CreateClient(TimeSpan limit)
    {
        var key = new PrivateKeyFile(target.PrivateKeyPath);
        var connection = new ConnectionInfo(
            SshTarget.Host,
            target.Port,
            SshTarget.User,
            new PrivateKeyAuthenticationMethod(SshTarget.User, key)
        )
        {
            // Our own limit holds; this one only frees the library's threads some time after it.
            Timeout = limit + limit,
        };
        // Only the run's own key type: the server then shows the key we know and no other.
        foreach (var other in connection.HostKeyAlgorithms.Keys.Where(name => name != target.HostKeyType).ToList())
        {
            connection.HostKeyAlgorithms.Remove(other);
        }

        var made = new SshClient(connection);
        made.HostKeyReceived += (_, shown) =>
        {
            shown.CanTrust = shown.HostKey.AsSpan().SequenceEqual(hostKey);
            wrongHostKey = !shown.CanTrust;
        };
        return made;
    }

    private SshClient Connected()
    {
        var connected = client ?? throw new InvalidOperationException("connect the session first");
        return connected.IsConnected
            ? connected
            : throw new SshException($"SSH: the connection to {SshTarget.Host}:{target.Port} is gone");
    }

    private async Task<(int Status, string Errors)> ExecuteAsync(
        string command,
        Stream input,
        Stream output,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        var running = new SshNetCommand(Connected(), command);
        try
        {
            return await SshLimit.EnforceAsync(
                running.TransferAsync(input, output),
                $"command '{command}'",
                limit,
                running.Abandon,
                cancellationToken
            );
        }
        catch (Exception exception) when (IsLibraryFailure(exception) && exception is not SshException)
        {
            throw Broken(command, exception);
        }
        finally
        {
            running.Abandon();
        }
    }

    private void Abandon()
    {
        var abandoned = client;
        client = null;
        BlockingCall.Forget(
            BlockingCall.RunAsync(() =>
            {
                abandoned?.Dispose();
                return true;
            })
        );
    }
}
