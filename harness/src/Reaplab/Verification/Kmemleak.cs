// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Machines;
using Reaplab.Ssh;
using Reaplab.Trials;

namespace Reaplab.Verification;

/// <summary>kmemleak in a guest that was booted with kmemleak=on, through its file in debugfs.</summary>
/// <param name="guest">The guest.</param>
internal sealed class Kmemleak(Guest guest)
{
    private const string Control = "/sys/kernel/debug/kmemleak";

    /// <summary>
    /// kmemleak reports no object younger than 5 s (MSECS_MIN_AGE), and none whose content has changed since the scan
    /// before. So it takes two scans, and between them a little more than that age.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(6);

    /// <summary>A scan reads all that is allocated, word by word: a second natively, a minute under emulation and KASAN.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Forgets what booting has left behind, which is the base's and not the approach's, and ends the scans that kmemleak
    /// does by itself, which would only slow the programs.
    /// </summary>
    internal async Task BeginAsync(CancellationToken cancellationToken)
    {
        await WriteAsync("scan=off", cancellationToken);
        await ScanAsync(cancellationToken);
        await WriteAsync("clear", cancellationToken);
    }

    /// <summary>Looks for leaks.</summary>
    /// <returns>The report; empty where there are none.</returns>
    /// <exception cref="ReaplabException">kmemleak is not there, or has given up since.</exception>
    internal async Task<string> FindAsync(CancellationToken cancellationToken)
    {
        await ScanAsync(cancellationToken);
        return await RunAsync($"cat {Control}", cancellationToken);
    }

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        await WriteAsync("scan", cancellationToken);
        await Task.Delay(Pause, cancellationToken);
        await WriteAsync("scan", cancellationToken);
    }

    private async Task WriteAsync(string command, CancellationToken cancellationToken) =>
        await RunAsync($"echo {command} >{Control}", cancellationToken);

    private async Task<string> RunAsync(string command, CancellationToken cancellationToken)
    {
        SshResult result;
        try
        {
            result = await guest.Session.RunAsync(command, Limit, cancellationToken);
        }
        catch (SshException)
        {
            guest.Machine.ReportLostSsh();
            throw new MachineEndedException(
                await guest.Machine.Ended.WaitAsync(Limit, cancellationToken),
                guest.Machine.ConsolePath
            );
        }

        guest.Machine.NoteProgress();
        return result.ExitCode == 0
            ? result.StandardOutput
            : throw new ReaplabException(
                $"nothing is known of leaks: kmemleak is not there or has given up ({result.StandardError.Trim()}); the "
                    + "console says why, and where its pool was too small vm-images/kernel-config/debug.config has its size",
                ExitCode.Regression
            );
    }
}
