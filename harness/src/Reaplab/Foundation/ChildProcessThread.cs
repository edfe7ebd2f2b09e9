// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;

namespace Reaplab.Foundation;

/// <summary>
/// The one thread that starts child processes. Children ask the kernel to be killed when their parent dies
/// (PR_SET_PDEATHSIG through setpriv), and the kernel means the parent <em>thread</em>: a child started from a pool
/// thread would be killed when the pool retires that thread.
/// </summary>
public static class ChildProcessThread
{
    private static readonly BlockingCollection<Action> Queue = [];

    static ChildProcessThread()
    {
        var thread = new Thread(() =>
        {
            foreach (var action in Queue.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "child-process-starter",
        };
        thread.Start();
    }

    /// <summary>Runs <paramref name="start"/> on the thread and returns what it returns or throws.</summary>
    /// <typeparam name="T">What starting gives, usually the process.</typeparam>
    /// <param name="start">Starts the child; must not block.</param>
    public static Task<T> StartAsync<T>(Func<T> start)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue.Add(() =>
        {
            try
            {
                completion.SetResult(start());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        });
        return completion.Task;
    }
}
