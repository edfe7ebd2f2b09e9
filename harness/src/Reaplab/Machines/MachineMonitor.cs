// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>
/// Decides whether a machine has come to its end and how. It is told everything, time included, and waits for nothing
/// itself, so every situation can be played to it.
/// </summary>
/// <param name="limits">How long it waits for what.</param>
internal sealed class MachineMonitor(MachineLimits limits)
{
    /// <summary>SIGKILL and SIGTERM as a shell shows them: someone on the host ended QEMU, most likely its OOM killer.</summary>
    private const int FirstSignalStatus = 128;

    private readonly ConsoleScanner scanner = new();
    private TimeSpan lastSign;
    private TimeSpan? faultAt;

    /// <summary>True once the guest's ready line was seen.</summary>
    public bool IsReady => scanner.IsReady;

    /// <summary>When the ready line was seen, since the machine's start.</summary>
    public TimeSpan? ReadyAt { get; private set; }

    /// <summary>The kernel's complaints so far.</summary>
    public IReadOnlyList<KernelMessage> Messages => scanner.Messages;

    /// <summary>Bytes of the console that were looked at.</summary>
    public long ConsoleLength => scanner.Length;

    /// <summary>Looks at the machine; causes come before their consequences.</summary>
    /// <param name="signs">What there is to see.</param>
    /// <returns>The end, or null while the machine may go on.</returns>
    public MachineEnd? Look(in MachineSigns signs)
    {
        scanner.Append(signs.Console.Span);
        if (!signs.Console.IsEmpty)
        {
            lastSign = signs.Now;
        }

        if (signs.LastAnswer > lastSign)
        {
            lastSign = signs.LastAnswer.Value;
        }

        if (signs.ExitCode is not null)
        {
            scanner.Finish();
        }

        ReadyAt ??= scanner.IsReady ? signs.Now : null;
        faultAt ??= scanner.Fault is null ? null : signs.Now;

        if (signs.ExitCode is { } status)
        {
            return Ended(status, signs);
        }

        if (faultAt is { } fault)
        {
            return signs.Now - fault >= limits.FaultGrace || signs.StopRequested ? Crash() : null;
        }

        if (signs.StopRequested)
        {
            return Stopped();
        }

        if (!IsReady && signs.Now >= limits.Boot)
        {
            return End(MachineEndKind.HungAtBoot, Explain($"not ready after {Show(limits.Boot)}"));
        }

        if (signs.SshLost is { } lost && signs.Now - lost >= limits.LostSshGrace)
        {
            return End(MachineEndKind.LostSsh, Explain("the SSH connection broke, the machine runs on"));
        }

        return IsReady && signs.Now - lastSign >= limits.NoProgress
            ? End(MachineEndKind.NoProgress, Explain($"no output and no answer for {Show(limits.NoProgress)}"))
            : null;
    }

    private MachineEnd Ended(int status, in MachineSigns signs)
    {
        if (scanner.Fault is not null)
        {
            return Crash();
        }

        if (signs.StopRequested)
        {
            return Stopped();
        }

        if (status == 0)
        {
            return End(MachineEndKind.ExitedEarly, Explain("it reset or powered itself off without a panic message"));
        }

        var how =
            status > FirstSignalStatus
                ? $"was killed by signal {status - FirstSignalStatus}"
                : $"exited with status {status}";
        var said = signs.ErrorTail.Length == 0 ? "" : ": " + signs.ErrorTail.Split('\n')[^1];
        return End(MachineEndKind.HostTrouble, $"qemu {how}{said}");
    }

    private MachineEnd Crash() =>
        End(
            scanner.Fault!.Kind == KernelMessageKind.Panic ? MachineEndKind.Panicked : MachineEndKind.Oopsed,
            scanner.Fault.Title
        );

    private MachineEnd Stopped() => End(MachineEndKind.Stopped, "stopped");

    private MachineEnd End(MachineEndKind kind, string title)
    {
        scanner.Finish();
        return new MachineEnd(kind, title, scanner.Excerpt);
    }

    /// <summary>A hang is best named by what the kernel's own detectors said of it.</summary>
    private string Explain(string otherwise)
    {
        var stall = scanner.Messages.LastOrDefault(message => message.Kind == KernelMessageKind.Stall);
        var silent = scanner.Length == 0 ? " (its console is empty)" : "";
        return (stall is null ? otherwise : $"{stall.Title}; {otherwise}") + silent;
    }

    private static string Show(TimeSpan time) => $"{time.TotalSeconds:0} s";
}
