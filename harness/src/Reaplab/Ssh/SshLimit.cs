// SPDX-License-Identifier: MIT

namespace Reaplab.Ssh;

/// <summary>Enforces limits from outside: the operation's own idea of time and of cancellation is not trusted.</summary>
public static class SshLimit
{
    /// <summary>Waits for an operation up to a limit and abandons it then.</summary>
    /// <typeparam name="T">What the operation gives.</typeparam>
    /// <param name="operation">The operation, under way; its later failure is swallowed once it is abandoned.</param>
    /// <param name="name">Its name in the error, e.g. "command 'true'".</param>
    /// <param name="limit">Longest wait.</param>
    /// <param name="abandon">Ends what can be ended; must return at once.</param>
    /// <param name="cancellationToken">Abandons the operation too.</param>
    /// <exception cref="SshTimeoutException">The limit passed.</exception>
    public static async Task<T> EnforceAsync<T>(
        Task<T> operation,
        string name,
        TimeSpan limit,
        Action abandon,
        CancellationToken cancellationToken
    )
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(operation, Task.Delay(limit, timer.Token));
        await timer.CancelAsync();
        if (first == operation)
        {
            return await operation;
        }

        // Nobody awaits it any more: its exception must not come back through the finaliser.
        _ = operation.ContinueWith(
            static done => _ = done.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        abandon();
        cancellationToken.ThrowIfCancellationRequested();
        throw new SshTimeoutException(name, limit);
    }
}
