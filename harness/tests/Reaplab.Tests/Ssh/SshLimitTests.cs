// SPDX-License-Identifier: MIT

using Reaplab.Ssh;

namespace Reaplab.Tests.Ssh;

public sealed class SshLimitTests
{
    private bool abandoned;

    [Fact]
    public async Task An_operation_within_its_limit_gives_its_result()
    {
        Assert.Equal(7, await EnforceAsync(Task.FromResult(7), TimeSpan.FromSeconds(10)));
        Assert.False(abandoned);
    }

    [Fact]
    public async Task An_operation_that_never_ends_is_abandoned_at_its_limit()
    {
        var never = new TaskCompletionSource<int>();
        var failure = await Assert.ThrowsAsync<SshTimeoutException>(() =>
            EnforceAsync(never.Task, TimeSpan.FromMilliseconds(50))
        );
        Assert.True(abandoned);
        Assert.Equal("SSH: command 'x' passed its limit of 0.05 s and was given up", failure.Message);
    }

    [Fact]
    public async Task An_operations_own_failure_comes_through()
    {
        var failing = Task.FromException<int>(new TimeoutException("the library's own"));
        await Assert.ThrowsAsync<TimeoutException>(() => EnforceAsync(failing, TimeSpan.FromSeconds(10)));
        Assert.False(abandoned);
    }

    [Fact]
    public async Task Cancellation_abandons_the_operation()
    {
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            EnforceAsync(new TaskCompletionSource<int>().Task, TimeSpan.FromSeconds(10), cancelled.Token)
        );
        Assert.True(abandoned);
    }

    [Theory]
    [InlineData("/tmp/a b", "'/tmp/a b'")]
    [InlineData("it's", "'it'\\''s'")]
    public void A_path_survives_the_guests_shell(string path, string expected) =>
        Assert.Equal(expected, RemoteFile.Quote(path));

    private Task<int> EnforceAsync(Task<int> operation, TimeSpan limit, CancellationToken token = default) =>
        SshLimit.EnforceAsync(operation, "command 'x'", limit, () => abandoned = true, token);
}
