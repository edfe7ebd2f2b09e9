// SPDX-License-Identifier: MIT
using System.Diagnostics;
using Reaplab.Foundation;
using Reaplab.Machines;
using Reaplab.Trials;

namespace Reaplab.Verification;

/// <summary>One KTAP program in a guest that is up, and what the kernel had to say while it ran.</summary>
internal static class SelftestProgram
{
    /// <summary>kselftest's exit status for "skipped".</summary>
    private const int SkippedStatus = 4;

    /// <summary>
    /// Longest silence of a program. It ends a case itself after six minutes (KTAP_CASE_LIMIT_S), which gives the kernel's
    /// detectors the time to speak before; a program that is repeated says so every minute.
    /// </summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(8);

    /// <summary>A console prints some hundred KiB/s under emulation, and a kernel's whole log is smaller than that.</summary>
    private static readonly TimeSpan ConsoleLimit = TimeSpan.FromMinutes(1);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="path">Where the guest has it.</param>
    /// <param name="name">What reports call it.</param>
    /// <param name="raceTime">Its cases together race for at least that long; zero for each once.</param>
    /// <param name="onLine">Given each line of its output.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MachineEndedException">The guest crashed or hung.</exception>
    /// <exception cref="InfrastructureException">The connection or the console failed.</exception>
    internal static async Task<SelftestReport> RunAsync(
        Guest guest,
        string path,
        string name,
        TimeSpan raceTime,
        Action<string> onLine,
        CancellationToken cancellationToken
    )
    {
        var before = guest.Machine.KernelMessages.Count;
        var complaints = new KernelComplaints();
        var watch = Stopwatch.StartNew();
        // Sent through the kernel's log: once the console shows it, the complaints before it have been read.
        var last = $"reaplab: selftest {name} has ended";
        var races = raceTime > TimeSpan.Zero ? $"REAPLAB_RACE_SECONDS={Math.Ceiling(raceTime.TotalSeconds)} " : "";
        // A session is exempt from the OOM killer, so that it outlives pressure; what a test starts must not be.
        var status = await GuestProgram.RunAsync(
            guest,
            $"echo 0 >/proc/self/oom_score_adj; {races}{path} 2>&1; status=$?; "
                + $"echo '<1>{last}' >/dev/kmsg; (exit $status)",
            SilenceLimit,
            line =>
            {
                complaints.Take(line);
                onLine(line);
            },
            cancellationToken
        );
        var duration = watch.Elapsed;
        await ReadConsoleAsync(guest.Machine, last, cancellationToken);
        var unannounced = complaints.FindUnannounced(guest.Machine.KernelMessages.Skip(before));
        return Judge(name, status, unannounced) with { Duration = duration };
    }

    private static SelftestReport Judge(string name, int status, IReadOnlyList<KernelMessage> unannounced) =>
        status switch
        {
            0 or SkippedStatus when unannounced.Count > 0 => new SelftestReport(
                name,
                SelftestOutcome.Complained,
                $"the kernel complained: {string.Join("; ", unannounced.Select(message => message.Title).Distinct())}"
            ),
            0 => new SelftestReport(name, SelftestOutcome.Passed),
            SkippedStatus => new SelftestReport(name, SelftestOutcome.Skipped),
            _ => new SelftestReport(name, SelftestOutcome.Failed, $"exit {status}"),
        };

    private static async Task ReadConsoleAsync(Machine machine, string last, CancellationToken cancellationToken)
    {
        if (await machine.WaitForConsoleAsync(last, ConsoleLimit, cancellationToken))
        {
            return;
        }

        if (machine.Ended.IsCompleted)
        {
            throw new MachineEndedException(await machine.Ended, machine.ConsolePath);
        }

        throw new InfrastructureException(
            $"the console {machine.ConsolePath} did not show \"{last}\" within {ConsoleLimit.TotalSeconds} s"
        );
    }
}
