// SPDX-License-Identifier: MIT

using System.Text;
using Renci.SshNet;

namespace Reaplab.SshNet;

/// <summary>One command on a channel of its own.</summary>
/// <param name="client">The connected client.</param>
/// <param name="text">The shell command.</param>
internal sealed class SshNetCommand(SshClient client, string text)
{
    /// <summary>What is kept of standard error for messages.</summary>
    private const int TailLength = 4096;

    /// <summary>The statuses of shells for a command that a signal ended, by the names SSH uses.</summary>
    private static readonly Dictionary<string, int> Signals = new(StringComparer.Ordinal)
    {
        ["HUP"] = 1,
        ["INT"] = 2,
        ["QUIT"] = 3,
        ["ILL"] = 4,
        ["ABRT"] = 6,
        ["FPE"] = 8,
        ["KILL"] = 9,
        ["SEGV"] = 11,
        ["PIPE"] = 13,
        ["ALRM"] = 14,
        ["TERM"] = 15,
    };

    private readonly SshCommand command = client.CreateCommand(text, Encoding.UTF8);
    private readonly StringBuilder tail = new();
    private int abandoned;

    /// <summary>The shell command.</summary>
    public string Text => text;

    /// <summary>The command's standard input, once it was started.</summary>
    public Stream Input { get; private set; } = Stream.Null;

    /// <summary>The command's standard output; reading blocks.</summary>
    public Stream Output => command.OutputStream;

    /// <summary>Completes with the command; faulted where the connection broke.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>The last lines of standard error.</summary>
    public string ErrorTail
    {
        get
        {
            lock (tail)
            {
                return tail.ToString().Trim();
            }
        }
    }

    /// <summary>The exit status; 128 + N where signal N ended the command, 255 where the server told nothing.</summary>
    private int Status =>
        command.ExitStatus
        ?? (command.ExitSignal is { } signal && Signals.TryGetValue(signal, out var number) ? 128 + number : 255);

    /// <summary>Opens the channel and starts the command.</summary>
    public Task<bool> StartAsync() =>
        BlockingCall.RunAsync(() =>
        {
            Start();
            return true;
        });

    /// <summary>Runs the command to its end.</summary>
    /// <param name="input">Copied to its standard input.</param>
    /// <param name="output">Takes its standard output.</param>
    /// <returns>Its status and the last lines of its standard error.</returns>
    public async Task<(int Status, string Errors)> TransferAsync(Stream input, Stream output)
    {
        await StartAsync();
        // Nothing may be written while the command's output fills the window, so both ways at once.
        var reading = BlockingCall.RunAsync(() =>
        {
            Output.CopyTo(output);
            return true;
        });
        var writing = BlockingCall.RunAsync(() =>
        {
            Write(input);
            return true;
        });
        await Completion;
        await reading;
        BlockingCall.Forget(writing);
        return (Status, ErrorTail);
    }

    /// <summary>Gives the channel up without waiting for the guest.</summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref abandoned, 1) == 0)
        {
            BlockingCall.Forget(
                BlockingCall.RunAsync(() =>
                {
                    command.Dispose();
                    return true;
                })
            );
        }
    }

    private void Start()
    {
        Completion = command.ExecuteAsync();
        BlockingCall.Forget(Completion);
        try
        {
            Input = command.CreateInputStream();
        }
        catch (InvalidOperationException)
        {
            // The command has ended already; its input goes nowhere.
        }

        BlockingCall.Forget(
            BlockingCall.RunAsync(() =>
            {
                KeepErrors();
                return true;
            })
        );
    }

    private void Write(Stream input)
    {
        try
        {
            input.CopyTo(Input);
            Input.Dispose();
        }
        catch (Exception exception) when (SshNetSession.IsLibraryFailure(exception))
        {
            // The command ended without reading all; its status says whether that mattered.
        }
    }

    private void KeepErrors()
    {
        var buffer = new byte[1024];
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[1024];
        for (int count; (count = command.ExtendedOutputStream.Read(buffer)) > 0; )
        {
            lock (tail)
            {
                tail.Append(characters, 0, decoder.GetChars(buffer.AsSpan(0, count), characters, flush: false));
                tail.Remove(0, Math.Max(0, tail.Length - TailLength));
            }
        }
    }
}
