// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Foundation;
using Reaplab.Machines;
using Reaplab.Ssh;

namespace Reaplab.Trials;

/// <summary>Runs one of the guest's KTAP programs.</summary>
public static class Selftest
{
    /// <summary>kselftest's exit status for "skipped".</summary>
    public const int Skipped = 4;

    private const string EndMark = "reaplab-selftest-exit=";

    /// <summary>
    /// Longest silence of a program: its own waits are at most 30 s each, and the debug flavour under emulation is
    /// about ten times slower than the rest.
    /// </summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a program of /reaplab/selftests.</summary>
    /// <param name="guest">A booted guest.</param>
    /// <param name="name">The program.</param>
    /// <param name="onLine">Given each line of its output.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its exit status: 0 passed, 1 failed, <see cref="Skipped"/>.</returns>
    /// <exception cref="MachineEndedException">The kernel crashed or hung under it.</exception>
    public static async Task<int> RunAsync(
        Guest guest,
        string name,
        Action<string> onLine,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // A session is exempt from the OOM killer, so that it outlives pressure; what a test starts must not be.
            await using var stream = await guest.Session.OpenStreamAsync(
                $"echo 0 >/proc/self/oom_score_adj; /reaplab/selftests/{name} 2>&1; echo {EndMark}$?",
                SilenceLimit,
                cancellationToken
            );
            while (await stream.ReadLineAsync(SilenceLimit, cancellationToken) is { } line)
            {
                guest.Machine.NoteProgress();
                if (line.StartsWith(EndMark, StringComparison.Ordinal))
                {
                    return int.Parse(line[EndMark.Length..], CultureInfo.InvariantCulture);
                }

                onLine(line);
            }
        }
        catch (SshException)
        {
            guest.Machine.ReportLostSsh();
            throw new MachineEndedException(
                await guest.Machine.Ended.WaitAsync(SilenceLimit, cancellationToken),
                guest.Machine.ConsolePath
            );
        }

        throw new InfrastructureException($"selftest {name} ended without a status: the connection closed early");
    }
}
