// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text;
using Medallion.Shell;

namespace Reaplab.Foundation;

/// <summary>
/// Runs external programs. Never waits for ever, leaves no child behind when the harness dies, and fails with the whole
/// command line, the exit status and the last lines of output.
/// </summary>
public static class ProcessRunner
{
    /// <summary>After SIGKILL a process that is not stuck in the kernel is gone at once; 5 s covers a loaded host.</summary>
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(5);

    private static readonly Lazy<bool> HasSetpriv = new(() => FindInPath("setpriv") is not null);

    /// <summary>Full path of a program, or null where PATH has none.</summary>
    /// <param name="program">Name as typed.</param>
    public static string? FindInPath(string program) =>
        program.Contains('/', StringComparison.Ordinal)
            ? (File.Exists(program) ? program : null)
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Append("/usr/sbin")
                .Append("/sbin")
                .Select(folder => Path.Combine(folder, program))
                .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end and fails unless its status is 0.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="cancellationToken">Kills the process tree.</param>
    /// <exception cref="ProcessFailedException">It failed, did not start or passed its limit.</exception>
    public static async Task<ProcessResult> RunCheckedAsync(
        ProcessRequest request,
        CancellationToken cancellationToken = default
    )
    {
        var result = await RunAsync(request, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new ProcessFailedException(
                request,
                $"exited with status {result.ExitCode}",
                result.StandardOutput + result.StandardError
            );
        }

        return result;
    }

    /// <summary>Runs a program to its end, whatever its status.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="cancellationToken">Kills the process tree.</param>
    /// <exception cref="ProcessFailedException">It did not start or passed its limit.</exception>
    public static async Task<ProcessResult> RunAsync(
        ProcessRequest request,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var watch = Stopwatch.StartNew();
        var path =
            FindInPath(request.FileName)
            ?? throw new ProcessFailedException(
                request,
                $"could not start: there is no program '{request.FileName}' in PATH ('reaplab doctor' names the package)",
                ""
            );
        using var command = await ChildProcessThread.StartAsync(() => Start(request, path));
        using var log = request.LogFile is null ? null : new StreamWriter(request.LogFile, append: true);
        var gate = new Lock();
        var both = new StringBuilder();
        var output = DrainAsync(command.StandardOutput, Take);
        var error = DrainAsync(command.StandardError, Take);
        await FeedAsync(command, request.StandardInput);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(request.Limit);
        try
        {
            await command.Process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillTreeAsync(command.Process);
            cancellationToken.ThrowIfCancellationRequested();
            string shown;
            lock (gate)
            {
                shown = both.ToString();
            }

            throw new ProcessFailedException(
                request,
                $"passed its limit of {request.Limit.TotalSeconds:0.#} s and was killed",
                shown
            );
        }

        // A grandchild that inherited the pipe may hold it open: the program has ended, so don't wait for its friends.
        await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(KillGrace, CancellationToken.None));
        return new ProcessResult(
            command.Process.ExitCode,
            output.IsCompletedSuccessfully ? await output : "",
            error.IsCompletedSuccessfully ? await error : "",
            watch.Elapsed
        );

        void Take(string line)
        {
            lock (gate)
            {
                both.AppendLine(line);
                log?.WriteLine(line);
                request.OnLine?.Invoke(line);
            }
        }
    }

    private static Command Start(ProcessRequest request, string path)
    {
        // setpriv: a killed harness must not leave make, git or ssh behind.
        string[] prefix = HasSetpriv.Value ? ["--pdeathsig", "KILL", "--", path] : [];
        return Command.Run(
            HasSetpriv.Value ? "setpriv" : path,
            prefix.Concat(request.Arguments),
            options =>
                options
                    .DisposeOnExit(false)
                    .ThrowOnError(false)
                    .StartInfo(info =>
                    {
                        info.WorkingDirectory = request.WorkingDirectory ?? "";
                        foreach (var (name, value) in request.Environment)
                        {
                            info.Environment[name] = value;
                        }
                    })
        );
    }

    private static async Task FeedAsync(Command command, string? input)
    {
        try
        {
            if (input is not null)
            {
                await command.StandardInput.WriteAsync(input);
            }

            command.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program closed its input early; its exit status says whether that mattered.
        }
    }

    private static async Task<string> DrainAsync(TextReader reader, Action<string> take)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            take(line);
        }

        return text.ToString();
    }

    private static async Task KillTreeAsync(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            using var grace = new CancellationTokenSource(KillGrace);
            await process.WaitForExitAsync(grace.Token);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
        {
            // Already gone, or stuck in the kernel: nothing more can be done from here.
        }
    }
}
