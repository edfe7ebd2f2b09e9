// SPDX-License-Identifier: MIT
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Machines;
using Reaplab.Trials;

namespace Reaplab.Verification;

/// <summary>Runs the guest's KTAP programs, each in a boot of its own: a warn-once or a leaked freeze of one must not colour the next.</summary>
/// <param name="context">What the boots share.</param>
/// <param name="directory">Folder for the consoles, one below it per program.</param>
/// <param name="programs">Folder of the guest that holds the programs.</param>
public sealed class Selftest(RunContext context, string directory, string programs = Selftest.OwnPrograms)
{
    /// <summary>Where the image holds the programs of workloads/selftests.</summary>
    private const string OwnPrograms = "/reaplab/selftests";

    /// <summary>kselftest's exit status for "skipped".</summary>
    private const int SkippedStatus = 4;

    /// <summary>Trouble of the host that a second repeat does not cure will not go away in a third.</summary>
    private const int Attempts = 3;

    /// <summary>
    /// Longest silence of a program: its own waits are at most 30 s each, and the debug flavour under emulation is
    /// about ten times slower than the rest.
    /// </summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(5);

    /// <summary>A console prints some hundred KiB/s under emulation, and a kernel's whole log is smaller than that.</summary>
    private static readonly TimeSpan ConsoleLimit = TimeSpan.FromMinutes(1);

    private static readonly MachineShape Shape = new(2, 1L << 30);

    /// <summary>The console of the last boot; null before the first.</summary>
    public string? Console { get; private set; }

    /// <summary>Boots a kernel, runs a program in it and looks at what the kernel had to say.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="name">The program, relative to its folder.</param>
    /// <param name="onLine">Given each line of its output; of a repeat, too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SelftestReport> RunAsync(
        KernelBuild kernel,
        string name,
        Action<string> onLine,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnceAsync(
                    kernel,
                    name,
                    Path.Combine(directory, $"{name.Replace('/', '-')}-{attempt}"),
                    onLine,
                    cancellationToken
                );
            }
            catch (MachineEndedException exception) when (exception.End.IsKernelFault)
            {
                return new SelftestReport(name, SelftestOutcome.Crashed, exception.End.Title);
            }
            catch (ReaplabException exception) when (exception.ExitCode == ExitCode.Infrastructure)
            {
                if (attempt == Attempts)
                {
                    return new SelftestReport(name, SelftestOutcome.HostTrouble, exception.Message);
                }

                onLine($"# host trouble, trying again: {exception.Message.Split('\n')[0]}");
            }
        }
    }

    private async Task<SelftestReport> RunOnceAsync(
        KernelBuild kernel,
        string name,
        string folder,
        Action<string> onLine,
        CancellationToken cancellationToken
    )
    {
        Console = Path.Combine(folder, "console.log");
        await using var guest = await Guest.StartAsync(context, kernel, Shape, folder, cancellationToken);
        var complaints = new KernelComplaints();
        var status = await ReadAsync(
            guest,
            name,
            line =>
            {
                complaints.Take(line);
                onLine(line);
            },
            cancellationToken
        );
        var unannounced = complaints.FindUnannounced(guest.Machine.KernelMessages);
        return status switch
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
    }

    private async Task<int> ReadAsync(
        Guest guest,
        string name,
        Action<string> onLine,
        CancellationToken cancellationToken
    )
    {
        // Sent through the kernel's log: once the console shows it, the complaints before it have been read.
        var last = $"reaplab: selftest {name} has ended";
        // A session is exempt from the OOM killer, so that it outlives pressure; what a test starts must not be.
        var status = await GuestProgram.RunAsync(
            guest,
            $"echo 0 >/proc/self/oom_score_adj; {programs}/{name} 2>&1; status=$?; "
                + $"echo '<1>{last}' >/dev/kmsg; (exit $status)",
            SilenceLimit,
            onLine,
            cancellationToken
        );
        await ReadConsoleAsync(guest.Machine, last, cancellationToken);
        return status;
    }

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
