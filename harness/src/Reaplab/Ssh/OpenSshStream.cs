// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Ssh;

/// <summary>A command behind its own ssh process, spoken to through the process's pipes.</summary>
/// <param name="child">The process.</param>
/// <param name="command">The command, for errors.</param>
/// <param name="explain">Gives the failure behind status 255, or null where the command itself ended with it.</param>
internal sealed class OpenSshStream(ChildProcess child, string command, Func<Task<SshException?>> explain) : ISshStream
{
    private const int ClientFailure = 255;
    private readonly StreamReader reader = new(child.StandardOutput);

    /// <inheritdoc/>
    public string ErrorTail => child.ErrorTail;

    /// <inheritdoc/>
    public Task WriteLineAsync(string line, TimeSpan limit, CancellationToken cancellationToken) =>
        SshLimit.EnforceAsync(WriteAsync(line), $"writing to '{command}'", limit, child.Kill, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> ReadLineAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        SshLimit.EnforceAsync(ReadAsync(), $"reading from '{command}'", limit, child.Kill, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await child.DisposeAsync();
        reader.Dispose();
    }

    private async Task<bool> WriteAsync(string line)
    {
        try
        {
            await child.StandardInput.WriteAsync(line + "\n");
            await child.StandardInput.FlushAsync();
            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw await explain()
                ?? new SshException($"SSH: '{command}' ended before it read a line: {child.ErrorTail}", exception);
        }
    }

    private async Task<string?> ReadAsync()
    {
        if (await reader.ReadLineAsync() is { } line)
        {
            return line;
        }

        return await child.Exited == ClientFailure && await explain() is { } lost ? throw lost : null;
    }
}
