// SPDX-License-Identifier: MIT
using System.Diagnostics;
using Reaplab.Foundation;

namespace Reaplab.Tests.Foundation;

public sealed class ProcessRunnerTests
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(30);

    private static ProcessRequest Shell(string script, TimeSpan? limit = null) =>
        new("sh", ["-c", script], limit ?? Ample);

    [Fact]
    public async Task Both_outputs_and_the_status_come_back()
    {
        var result = await ProcessRunner.RunAsync(Shell("echo out; echo err >&2; exit 3"));
        Assert.Equal(3, result.ExitCode);
        Assert.Equal("out\n", result.StandardOutput);
        Assert.Equal("err\n", result.StandardError);
    }

    [Fact]
    public async Task Input_is_fed_and_then_closed()
    {
        var result = await ProcessRunner.RunAsync(new ProcessRequest("cat", [], Ample) { StandardInput = "a\nb\n" });
        Assert.Equal("a\nb\n", result.StandardOutput);
    }

    [Fact]
    public async Task A_failure_names_the_command_its_status_and_its_last_output()
    {
        var error = await Assert.ThrowsAsync<ProcessFailedException>(() =>
            ProcessRunner.RunCheckedAsync(Shell("echo 'no such hunk'; exit 128"))
        );
        Assert.Contains("exited with status 128: sh -c 'echo '\\''no such hunk'\\''; exit 128'", error.Message);
        Assert.Contains("    no such hunk", error.Message);
        Assert.Equal(ExitCode.Infrastructure, error.ExitCode);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<ProcessFailedException>(() =>
            ProcessRunner.RunAsync(new ProcessRequest("reaplab-no-such-program", [], Ample))
        );
        Assert.Contains("no program 'reaplab-no-such-program'", error.Message);
    }

    [Fact]
    public async Task A_limit_kills_the_whole_tree_and_shows_what_was_printed()
    {
        var watch = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<ProcessFailedException>(() =>
            ProcessRunner.RunAsync(Shell("echo begun; sleep 1000 & wait", TimeSpan.FromSeconds(1)))
        );
        Assert.Contains("passed its limit of 1 s", error.Message);
        Assert.Contains("    begun", error.Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task Cancelling_ends_the_program()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ProcessRunner.RunAsync(Shell("sleep 1000"), cancel.Token)
        );
    }
}
