// SPDX-License-Identifier: MIT

using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reaplab.Foundation;

namespace Reaplab.Machines;

/// <summary>QEMU's control channel: one JSON object per line. Every command has a limit; a QEMU that does not answer is broken.</summary>
public sealed class QmpClient : IDisposable
{
    /// <summary>QEMU answers from its main loop within milliseconds, unless the host swaps or its disk hangs.</summary>
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(10);

    private readonly Socket socket;
    private readonly StreamReader reader;
    private readonly NetworkStream stream;
    private readonly SemaphoreSlim turn = new(1, 1);

    private QmpClient(Socket socket)
    {
        this.socket = socket;
        stream = new NetworkStream(socket, ownsSocket: true);
        reader = new StreamReader(stream);
    }

    /// <summary>Stops the guest's CPUs; SSH then sees a peer that never answers.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task StopAsync(CancellationToken cancellationToken) => ExecuteAsync("stop", cancellationToken);

    /// <summary>Lets the guest's CPUs run again.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task ContinueAsync(CancellationToken cancellationToken) => ExecuteAsync("cont", cancellationToken);

    /// <summary>Connects and takes the greeting.</summary>
    /// <param name="path">The socket's path.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SocketException">Nobody listens there (yet).</exception>
    internal static async Task<QmpClient> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        var client = new QmpClient(connection);
        try
        {
            await client.ReadAsync("QMP", cancellationToken);
            await client.ExecuteAsync("qmp_capabilities", cancellationToken);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command without arguments.</summary>
    /// <param name="command">Its QMP name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it returned.</returns>
    /// <exception cref="InfrastructureException">QEMU refused it, did not answer or is gone.</exception>
    public async Task<JsonNode?> ExecuteAsync(string command, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CommandLimit);
        await turn.WaitAsync(cancellationToken);
        try
        {
            var line = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["execute"] = command });
            await stream.WriteAsync(line.Append((byte)'\n').ToArray(), limit.Token);
            return await ReadAsync("return", limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InfrastructureException(
                $"QEMU did not answer '{command}' within {CommandLimit.TotalSeconds:0} s",
                exception
            );
        }
        catch (Exception exception) when (exception is IOException or JsonException or ObjectDisposedException)
        {
            throw new InfrastructureException(
                $"QEMU's control channel broke at '{command}': {exception.Message}",
                exception
            );
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reader.Dispose();
        stream.Dispose();
        socket.Dispose();
        turn.Dispose();
    }

    /// <summary>Reads up to the message that holds <paramref name="key"/>; events in between are of no interest here.</summary>
    private async Task<JsonNode?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var message = JsonNode.Parse(line);
            if (message?["error"] is { } error)
            {
                throw new InfrastructureException($"QEMU refused a command: {error["desc"]}");
            }

            if (message is JsonObject keyed && keyed.ContainsKey(key))
            {
                return keyed[key];
            }
        }

        throw new IOException("QEMU closed its control channel");
    }
}
