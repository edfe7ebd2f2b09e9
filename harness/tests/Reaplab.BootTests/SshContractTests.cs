// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Security.Cryptography;
using Reaplab.BootTests.Support;
using Reaplab.Ssh;

namespace Reaplab.BootTests;

/// <summary>What every implementation of <see cref="ISshSession"/> promises, tried on a real guest.</summary>
[Collection("boots")]
public sealed class SshContractTests(BootedGuest guest) : IClassFixture<BootedGuest>
{
    /// <summary>Ample for anything a live guest is asked for here, on a loaded host.</summary>
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(60);

    /// <summary>The limit given to calls that are to pass it.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    /// <summary>What a call may take beyond its limit on a loaded host.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(4);

    /// <summary>Known names; what else is found is tried too.</summary>
    public static TheoryData<string> Implementations =>
        [
            .. SshSessionFactories
                .Discover(GuestParts.Workspace)
                .Select(factory => factory.Name)
                .Union(["openssh", "ssh.net"]),
        ];

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_command_gives_its_status_and_both_outputs(string name)
    {
        await using var session = await ConnectAsync(name);
        var result = await session.RunAsync("echo out; echo err >&2; exit 3", Ample, default);
        Assert.Equal((3, "out\n", "err"), (result.ExitCode, result.StandardOutput, result.StandardError.Trim()));
        Assert.Equal(0, (await session.RunAsync("true", Ample, default)).ExitCode);
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_command_may_end_with_any_status(string name)
    {
        await using var session = await ConnectAsync(name);
        Assert.Equal(255, (await session.RunAsync("exit 255", Ample, default)).ExitCode);
        Assert.Equal(127, (await session.RunAsync("no-such-program", Ample, default)).ExitCode);
        Assert.NotEqual(0, (await session.RunAsync("kill -9 $$", Ample, default)).ExitCode);
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_long_output_arrives_whole(string name)
    {
        await using var session = await ConnectAsync(name);
        var result = await session.RunAsync("seq 1 200000", Ample, default);
        Assert.EndsWith("\n199999\n200000\n", result.StandardOutput, StringComparison.Ordinal);
        Assert.Equal(200_000, result.StandardOutput.Count(character => character == '\n'));
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_stream_carries_lines_both_ways_and_tells_its_end(string name)
    {
        await using var session = await ConnectAsync(name);
        const string Script =
            "echo hello; echo oops >&2; while read line; do [ $line = quit ] && exit 0; echo got $line; done";
        await using var stream = await session.OpenStreamAsync(Script, Ample, default);
        Assert.Equal("hello", await stream.ReadLineAsync(Ample, default));
        for (var i = 0; i < 20; i++)
        {
            await stream.WriteLineAsync($"line{i}", Ample, default);
            Assert.Equal($"got line{i}", await stream.ReadLineAsync(Ample, default));
        }

        await stream.WriteLineAsync("quit", Ample, default);
        Assert.Null(await stream.ReadLineAsync(Ample, default));
        Assert.Equal("oops", stream.ErrorTail);
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_command_runs_beside_an_open_stream(string name)
    {
        await using var session = await ConnectAsync(name);
        await using var stream = await session.OpenStreamAsync("cat", Ample, default);
        Assert.Equal("beside\n", (await session.RunAsync("echo beside", Ample, default)).StandardOutput);
        await stream.WriteLineAsync("still there", Ample, default);
        Assert.Equal("still there", await stream.ReadLineAsync(Ample, default));
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_file_survives_the_way_there_and_back(string name)
    {
        await using var session = await ConnectAsync(name);
        var folder = Directory.CreateTempSubdirectory("reaplab-copy-");
        try
        {
            var (there, back) = (Path.Combine(folder.FullName, "there"), Path.Combine(folder.FullName, "back"));
            await File.WriteAllBytesAsync(there, RandomNumberGenerator.GetBytes(1_000_003));
            const string Remote = "/tmp/it's a file";
            await session.CopyToAsync(there, Remote, Ample, default);
            await session.CopyFromAsync(Remote, back, Ample, default);
            Assert.Equal(await File.ReadAllBytesAsync(there), await File.ReadAllBytesAsync(back));

            var failure = await Assert.ThrowsAsync<SshException>(() =>
                session.CopyFromAsync("/no/such/file", back, Ample, default)
            );
            Assert.Contains("/no/such/file", failure.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<SshException>(() =>
                session.CopyToAsync(there, "/no/such/folder/x", Ample, default)
            );
            Assert.Equal(2, folder.GetFiles().Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_command_past_its_limit_is_given_up_and_the_session_lives_on(string name)
    {
        await using var session = await ConnectAsync(name);
        await TimesOutAsync(() => session.RunAsync("sleep 100", Short, default));
        Assert.Equal("alive\n", (await session.RunAsync("echo alive", Ample, default)).StandardOutput);
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_call_can_be_cancelled(string name)
    {
        await using var session = await ConnectAsync(name);
        using var source = new CancellationTokenSource(Short);
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            session.RunAsync("sleep 100", Ample, source.Token)
        );
        Assert.True(watch.Elapsed < Short + Slack, $"it took {watch.Elapsed}");
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_frozen_guest_costs_each_call_its_limit_and_no_more(string name)
    {
        await using var connected = await ConnectAsync(name);
        await using var unconnected = Factory(name).Create(guest.Target);
        await using var stream = await connected.OpenStreamAsync("cat", Ample, default);
        await guest.Machine.Control.StopAsync(default);
        try
        {
            await TimesOutAsync(() => unconnected.ConnectAsync(Short, default));
            await TimesOutAsync(() => connected.RunAsync("true", Short, default));
            await TimesOutAsync(() => stream.ReadLineAsync(Short, default));
            var watch = Stopwatch.StartNew();
            await stream.DisposeAsync();
            await connected.DisposeAsync();
            Assert.True(watch.Elapsed < Slack, $"closing took {watch.Elapsed}");
        }
        finally
        {
            await guest.Machine.Control.ContinueAsync(default);
        }

        await using var again = await ConnectAsync(name);
        Assert.Equal(0, (await again.RunAsync("true", Ample, default)).ExitCode);
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_dead_guest_is_an_error_at_once(string name)
    {
        var factory = Factory(name);
        var victim = new BootedGuest();
        await victim.InitializeAsync();
        try
        {
            await using var session = factory.Create(victim.Target);
            await session.ConnectAsync(Ample, default);
            await using var stream = await session.OpenStreamAsync("cat", Ample, default);
            var reading = stream.ReadLineAsync(Ample, default);
            var running = session.RunAsync("sleep 100", Ample, default);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            var watch = Stopwatch.StartNew();
            await victim.Machine.StopAsync();
            var failure = await Assert.ThrowsAnyAsync<SshException>(() => reading);
            Assert.IsNotType<SshTimeoutException>(failure);
            Assert.IsNotType<SshTimeoutException>(await Assert.ThrowsAnyAsync<SshException>(() => running));
            await Assert.ThrowsAnyAsync<SshException>(() => session.RunAsync("true", Ample, default));
            await Assert.ThrowsAnyAsync<SshException>(() => stream.WriteLineAsync("x", Ample, default));
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"it took {watch.Elapsed}");
        }
        finally
        {
            await victim.DisposeAsync();
        }
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task Another_host_key_is_refused(string name)
    {
        const string Other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0wWzHkYx7Sj6k1ySmkk0a3vHqf8cZc2QmBqkHn3xQe";
        await using var session = Factory(name).Create(guest.Target with { HostPublicKey = Other });
        await Assert.ThrowsAsync<SshHostKeyException>(() => session.ConnectAsync(Ample, default));
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Implementations))]
    public async Task A_port_nobody_listens_on_is_an_error(string name)
    {
        await using var session = Factory(name).Create(guest.Target with { Port = 1 });
        var failure = await Assert.ThrowsAsync<SshException>(() => session.ConnectAsync(Ample, default));
        Assert.Contains("127.0.0.1:1", failure.Message, StringComparison.Ordinal);
    }

    private async Task<ISshSession> ConnectAsync(string name)
    {
        var session = Factory(name).Create(guest.Target);
        await session.ConnectAsync(Ample, default);
        return session;
    }

    private static ISshSessionFactory Factory(string name)
    {
        var factory = SshSessionFactories.Discover(GuestParts.Workspace).FirstOrDefault(found => found.Name == name);
        Assert.SkipWhen(factory is null, $"no SSH client '{name}' here: its plug-in was not built");
        return factory;
    }

    private static async Task TimesOutAsync(Func<Task> call)
    {
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAsync<SshTimeoutException>(call);
        Assert.InRange(watch.Elapsed, Short - TimeSpan.FromMilliseconds(50), Short + Slack);
    }
}
