// SPDX-License-Identifier: MIT

namespace Reaplab.SshNet;

/// <summary>Runs what may block for a long time on a thread of its own, so that the pool never runs dry.</summary>
internal static class BlockingCall
{
    /// <summary>Runs a call on a thread of its own.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="call">The call.</param>
    public static Task<T> RunAsync<T>(Func<T> call)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                completion.SetResult(call());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        })
        {
            // A thread stuck in the library must not keep the program alive.
            IsBackground = true,
            Name = "ssh.net-call",
        }.Start();
        return completion.Task;
    }

    /// <summary>Leaves a call to itself; how it ends no longer matters.</summary>
    /// <param name="call">The call.</param>
    public static void Forget(Task call) =>
        _ = call.ContinueWith(
            static done => _ = done.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
}
