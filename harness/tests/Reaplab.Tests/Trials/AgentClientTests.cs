// SPDX-License-Identifier: MIT
using Reaplab.Ssh;
using Reaplab.Trials;

namespace Reaplab.Tests.Trials;

public sealed class AgentClientTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private static async Task<(AgentClient Agent, ScriptedStream Stream)> StartAsync(params string?[] replies)
    {
        var stream = new ScriptedStream(replies);
        return (await AgentClient.StartAsync(new ScriptedSession(stream), Limit, CancellationToken.None), stream);
    }

    [Fact]
    public async Task A_trial_is_one_line_of_words_and_one_line_of_JSON()
    {
        var (agent, stream) = await StartAsync(
            """{"type":"trial","setup":"ok","held_bytes":5,"reap_errno":"ESRCH","clocksource":"tsc","samples":[[0,1,5],[1,2,0]],"measures":{"stall":{"value":2.5,"unit":"ms"}},"left_bytes":null}"""
        );
        var trial = await agent.RunTrialAsync(
            new SortedDictionary<string, string> { ["method"] = "kill", ["bytes"] = "5" },
            Limit,
            CancellationToken.None
        );
        Assert.Equal(["trial bytes=5 method=kill"], stream.Written);
        Assert.Equal((5, "ESRCH", null), (trial.HeldBytes, trial.ReapErrno, trial.LeftBytes));
        Assert.Equal([0, 1, 5], trial.Samples[0]);
        Assert.Equal(new AgentMeasure(2.5, "ms"), trial.Measures["stall"]);
    }

    [Fact]
    public async Task A_refused_request_says_what_was_asked_and_why_it_was_refused()
    {
        var (agent, _) = await StartAsync("""{"type":"error","message":"unknown word 'vmaz'"}""");
        var error = await Assert.ThrowsAsync<AgentException>(() =>
            agent.RunTrialAsync(new Dictionary<string, string> { ["vmaz"] = "1" }, Limit, CancellationToken.None)
        );
        Assert.Contains("asked 'trial vmaz=1', refused: unknown word 'vmaz'", error.Message);
    }

    [Theory]
    [InlineData("Segmentation fault", "answered what is no answer: Segmentation fault")]
    [InlineData("""{"setup":"ok"}""", "answered what is no answer")]
    [InlineData(null, "ended; its last words: killed")]
    public async Task Nonsense_and_an_early_end_are_named(string? reply, string expected)
    {
        var (agent, _) = await StartAsync(reply);
        var error = await Assert.ThrowsAsync<AgentException>(() => agent.ProbeAsync(Limit, CancellationToken.None));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public async Task An_image_of_another_version_is_refused()
    {
        var (agent, _) = await StartAsync(
            """{"type":"probe","protocol":2,"kernel":"6","methods":{},"clocksource":"tsc","clock_step_ns":1,"sleep_100us_ns":1,"memory_bytes":1}"""
        );
        var error = await Assert.ThrowsAsync<AgentException>(() => agent.ProbeAsync(Limit, CancellationToken.None));
        Assert.Contains("the guest image is of another version", error.Message);
    }

    private sealed class ScriptedStream(string?[] replies) : ISshStream
    {
        private int next;

        public List<string> Written { get; } = [];

        public string ErrorTail => "killed";

        public Task WriteLineAsync(string line, TimeSpan limit, CancellationToken cancellationToken)
        {
            Written.Add(line);
            return Task.CompletedTask;
        }

        public Task<string?> ReadLineAsync(TimeSpan limit, CancellationToken cancellationToken) =>
            Task.FromResult(replies[next++]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class ScriptedSession(ISshStream stream) : ISshSession
    {
        public Task<ISshStream> OpenStreamAsync(string command, TimeSpan limit, CancellationToken cancellationToken)
        {
            Assert.Equal("/reaplab/agent serve", command);
            return Task.FromResult(stream);
        }

        public Task ConnectAsync(TimeSpan limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<SshResult> RunAsync(string command, TimeSpan limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task CopyToAsync(
            string localPath,
            string remotePath,
            TimeSpan limit,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task CopyFromAsync(
            string remotePath,
            string localPath,
            TimeSpan limit,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
