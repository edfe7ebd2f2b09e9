// SPDX-License-Identifier: MIT

using System.Text;
using System.Threading.Channels;
using Reaplab.Ssh;

namespace Reaplab.SshNet;

/// <summary>A command spoken to line by line; a thread of its own reads ahead, because the library's read blocks.</summary>
internal sealed class SshNetStream : ISshStream
{
    private readonly SshNetCommand running;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    internal SshNetStream(SshNetCommand running)
    {
        this.running = running;
        BlockingCall.Forget(
            BlockingCall.RunAsync(() =>
            {
                ReadAhead();
                return true;
            })
        );
    }

    /// <inheritdoc/>
    public string ErrorTail => running.ErrorTail;

    /// <inheritdoc/>
    public Task WriteLineAsync(string line, TimeSpan limit, CancellationToken cancellationToken) =>
        SshLimit.EnforceAsync(
            BlockingCall.RunAsync(() => Write(line)),
            $"writing to '{running.Text}'",
            limit,
            running.Abandon,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<string?> ReadLineAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        SshLimit.EnforceAsync(ReadAsync(), $"reading from '{running.Text}'", limit, running.Abandon, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        running.Abandon();
        return ValueTask.CompletedTask;
    }

    private bool Write(string line)
    {
        if (running.Completion.IsCompleted)
        {
            // The library would take the line and say nothing.
            throw new SshException($"SSH: '{running.Text}' ended before it read a line: {running.ErrorTail}");
        }

        try
        {
            running.Input.Write(Encoding.UTF8.GetBytes(line + "\n"));
            running.Input.Flush();
            return true;
        }
        catch (Exception exception) when (SshNetSession.IsLibraryFailure(exception))
        {
            throw SshNetSession.Broken(running.Text, exception);
        }
    }

    private async Task<string?> ReadAsync()
    {
        if (await lines.Reader.WaitToReadAsync())
        {
            return await lines.Reader.ReadAsync();
        }

        try
        {
            await running.Completion;
            return null;
        }
        catch (Exception exception)
            when (SshNetSession.IsLibraryFailure(exception) || exception is OperationCanceledException)
        {
            throw SshNetSession.Broken(running.Text, exception);
        }
    }

    private void ReadAhead()
    {
        try
        {
            using var reader = new StreamReader(running.Output, Encoding.UTF8);
            while (reader.ReadLine() is { } line)
            {
                lines.Writer.TryWrite(line);
            }
        }
        catch (Exception exception) when (SshNetSession.IsLibraryFailure(exception))
        {
            // The command's completion tells what broke.
        }
        finally
        {
            lines.Writer.Complete();
        }
    }
}
