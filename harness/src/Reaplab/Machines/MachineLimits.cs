// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>
/// How long the monitor waits for what. Each limit is longer than whatever explains it better: an oops is given time to
/// become a panic before a silent console is called a hang, and the kernel's own detectors speak before the monitor does.
/// </summary>
/// <param name="Start">From exec of QEMU to its QMP greeting.</param>
/// <param name="Boot">From the start to the guest's ready line.</param>
/// <param name="FaultGrace">From an oops or panic message to the end of the machine, for the rest of the message.</param>
/// <param name="LostSshGrace">From a lost SSH connection to the verdict, for the console or the process to tell why.</param>
/// <param name="NoProgress">Without console output and without any answer noted by <see cref="Machine.NoteProgress"/>.</param>
public sealed record MachineLimits(
    TimeSpan Start,
    TimeSpan Boot,
    TimeSpan FaultGrace,
    TimeSpan LostSshGrace,
    TimeSpan NoProgress
)
{
    /// <summary>Emulation is slower by 10 and more in the guest, but the host's share of a wait is not; 3 is syzkaller's factor too.</summary>
    private const int EmulationScale = 3;

    /// <summary>KASAN costs a factor of 2 to 3, lockdep up to 2 more during boot.</summary>
    private const int DebugScale = 4;

    /// <summary>
    /// Native values. Start: QEMU greets within 0.1 s, preallocating some GiB takes seconds. Boot: 0.5 s seen natively and
    /// 2.5 s emulated on idle hosts, with room for a host on which ten others compile. Fault grace: a panic prints in
    /// milliseconds, a stack dump on a slow serial line in seconds. Lost SSH: longer than TCP's reset on loopback, no longer
    /// than the fault grace. No progress: the hung-task detector looks every 120 s for tasks blocked for 120 s, so it has spoken by
    /// 240 s, RCU stall (21 s) and soft lockup (22 s) long before.
    /// </summary>
    private static readonly MachineLimits Native = new(
        Start: TimeSpan.FromSeconds(10),
        Boot: TimeSpan.FromSeconds(30),
        FaultGrace: TimeSpan.FromSeconds(10),
        LostSshGrace: TimeSpan.FromSeconds(5),
        NoProgress: TimeSpan.FromSeconds(300)
    );

    /// <summary>The limits for an accelerator and kernel flavour.</summary>
    /// <param name="accelerator">The accelerator.</param>
    /// <param name="debugKernel">True for the debug flavour.</param>
    public static MachineLimits For(Accelerator accelerator, bool debugKernel)
    {
        var scale = (accelerator == Accelerator.Tcg ? EmulationScale : 1) * (debugKernel ? DebugScale : 1);
        return new MachineLimits(
            Native.Start * scale,
            Native.Boot * scale,
            Native.FaultGrace * scale,
            Native.LostSshGrace * scale,
            Native.NoProgress * scale
        );
    }
}
