// SPDX-License-Identifier: MIT

using System.Globalization;

namespace Reaplab.Machines;

/// <summary>Composes the guest kernel's command line.</summary>
internal static class KernelCommandLine
{
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

        words.AddRange(specification.KernelArguments);
        return string.Join(' ', words);
    }
}
