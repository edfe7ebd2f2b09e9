// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text;

namespace Reaplab.Foundation;

/// <summary>
/// A program that runs beside the harness until it is told to stop: QEMU, an SSH connection. It lives in a session of
/// its own, so that Ctrl-C reaches the harness alone and the harness decides what ends when; and the kernel kills it
/// when the harness dies, however it dies.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>After SIGKILL a process that is not stuck in the kernel is gone at once; 5 s covers a loaded host.</summary>
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(5);

    /// <summary>What a program wrote before its end is in the pipe already; reading it takes no time.</summary>
    private static readonly TimeSpan DrainGrace = TimeSpan.FromSeconds(1);

    /// <summary>What is kept of standard error: enough for QEMU's or ssh's whole complaint.</summary>
    private const int TailLength = 4096;

    private readonly Process process;
    private readonly StringBuilder tail = new();
    private readonly Task drained;
    private volatile bool killed;

    private ChildProcess(Process process, string commandLine, bool pipeOutput)
    {
        this.process = process;
        CommandLine = commandLine;
        Id = process.Id;
        var errors = KeepTailAsync(process.StandardError);
        drained = pipeOutput ? errors : Task.WhenAll(errors, KeepTailAsync(process.StandardOutput));
        Exited = WaitAsync();
    }

    /// <summary>Process id of the program itself: the wrappers that start it become it by exec.</summary>
    public int Id { get; }

    /// <summary>The command as a user could type it.</summary>
    public string CommandLine { get; }

    /// <summary>The program's standard input.</summary>
    public StreamWriter StandardInput => process.StandardInput;

    /// <summary>The program's standard output, where it was asked for as a pipe.</summary>
    public Stream StandardOutput => process.StandardOutput.BaseStream;

    /// <summary>Ends with the program: its exit status, 128 + N where signal N ended it.</summary>
    public Task<int> Exited { get; }

    /// <summary>The last lines of standard error (and of standard output where that is no pipe).</summary>
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

    /// <summary>Starts a program.</summary>
    /// <param name="fileName">Program, looked up in PATH.</param>
    /// <param name="arguments">Arguments, passed without a shell.</param>
    /// <param name="pipeOutput">True where the caller reads <see cref="StandardOutput"/>; else it joins the tail.</param>
    /// <exception cref="ProcessFailedException">There is no such program.</exception>
    public static async Task<ChildProcess> StartAsync(string fileName, IReadOnlyList<string> arguments, bool pipeOutput)
    {
        // The limit is for the error text only: a child has none of its own, its owner ends it.
        var request = new ProcessRequest(fileName, arguments, Timeout.InfiniteTimeSpan);
        var path =
            ProcessRunner.FindInPath(fileName)
            ?? throw new ProcessFailedException(
                request,
                $"could not start: there is no program '{fileName}' in PATH ('reaplab doctor' names the package)",
                ""
            );
        string[] words =
            ProcessRunner.FindInPath("setpriv") is { } setpriv && ProcessRunner.FindInPath("setsid") is { } setsid
                ? [setpriv, "--pdeathsig", "KILL", "--", setsid, path, .. arguments]
                : [path, .. arguments];
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var started = await ChildProcessThread.StartAsync(() => Process.Start(start));
        return new ChildProcess(started!, request.CommandLine, pipeOutput);
    }

    /// <summary>Ends the program at once (SIGKILL); harmless where it has ended.</summary>
    public void Kill()
    {
        killed = true;
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Kills the program if it still runs and waits for its end, for a few seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await Task.WhenAny(Exited, Task.Delay(KillGrace));
        if (Exited.IsCompleted)
        {
            process.Dispose();
        }
    }

    private async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync();
        if (!killed)
        {
            // Whoever got the pipe from the program (ssh gives its own to the shared connection) may keep it open.
            await Task.WhenAny(drained, Task.Delay(DrainGrace));
        }

        return process.ExitCode;
    }

    private async Task KeepTailAsync(StreamReader reader)
    {
        var buffer = new char[1024];
        try
        {
            for (int count; (count = await reader.ReadAsync(buffer)) > 0; )
            {
                lock (tail)
                {
                    tail.Append(buffer, 0, count);
                    tail.Remove(0, Math.Max(0, tail.Length - TailLength));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The pipe went with the process; what was read is kept.
        }
    }
}
