// SPDX-License-Identifier: MIT

using System.Globalization;

namespace Reaplab.Machines;

/// <summary>Composes the guest kernel's command line.</summary>
internal static class KernelCommandLine
{
    /// <summary>
    /// Ten times the limits that the debug flavour has by itself: emulation slows a virtual CPU by about ten and takes it away
    /// for seconds where the host is busy, and a detector that cries then hides what it is there for. Under KVM time in the
    /// guest is the machine's own, and so are the limits.
    /// </summary>
    private static readonly string[] EmulatedWatchdogs =
    [
        // 21 s. A grace period waits for a CPU that KASAN and lockdep keep in one softirq; the kernel takes at most 300.
        "rcupdate.rcu_cpu_stall_timeout=210",
        // 30 s, see debug.config. A task may wait that long for a lock whose holder does ten times its usual work. The
        // detector looks every 30 s instead of every 300: what it has to say comes before our own limits end the guest.
        "sysctl.kernel.hung_task_timeout_secs=300",
        "sysctl.kernel.hung_task_check_interval_secs=30",
        // 30 s. A reaper's work item is one whole address space.
        "workqueue.watchdog_thresh=300",
    ];

    /// <summary>Composes the line.</summary>
    /// <param name="specification">The machine.</param>
    /// <param name="tscKilohertz">The host's TSC rate, used under emulation; null where unknown.</param>
    public static string Compose(MachineSpecification specification, long? tscKilohertz)
    {
        List<string> words =
        [
            "console=ttyS0",
            // Warnings and worse: a console at 115200 baud costs nothing under QEMU, but each line is an exit to it.
            specification.Verbose
                ? "ignore_loglevel"
                : "loglevel=5",
            "printk.time=1",
            // A panic ends QEMU at once (with -no-reboot), and so does every oops.
            "panic=-1",
            "oops=panic",
            // The triple fault: the one way to reset that needs neither ACPI nor a keyboard controller.
            "reboot=t",
            // Otherwise the SSH server may wait a second for entropy nobody needs: keys live as long as the run.
            "random.trust_cpu=on",
        ];
        if (specification.Accelerator == Accelerator.Tcg && tscKilohertz is { } rate)
        {
            // Without these the guest measures its TSC against emulated timers, and on a loaded host distrusts it.
            words.Add("tsc=reliable");
            words.Add(string.Create(CultureInfo.InvariantCulture, $"tsc_early_khz={rate}"));
        }

        if (specification.Accelerator == Accelerator.Tcg)
        {
            // On a loaded host emulated timer ticks come too late for the kernel's test of its IO-APIC, which ends in a
            // panic that looks like a crash of the kernel under test: four of twelve boots on q35, none of six with this.
            words.Add("no_timer_check");
        }

        if (specification.Accelerator == Accelerator.Tcg && specification.DebugKernel)
        {
            words.AddRange(EmulatedWatchdogs);
        }

        words.AddRange(specification.KernelArguments);
        return string.Join(' ', words);
    }
}
