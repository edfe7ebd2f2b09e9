// SPDX-License-Identifier: MIT

using System.Globalization;

namespace Reaplab.Machines;

/// <summary>Composes QEMU's arguments.</summary>
internal static class QemuArguments
{
    private const long Mebibyte = 1L << 20;

    /// <summary>Composes the arguments.</summary>
    /// <param name="specification">The machine; its type must be chosen.</param>
    /// <param name="files">Where sockets, console and the concatenated initrd are.</param>
    /// <param name="port">Port on 127.0.0.1 forwarded to the guest's SSH server.</param>
    /// <param name="tscKilohertz">The host's TSC rate; null where unknown.</param>
    public static IReadOnlyList<string> Compose(
        MachineSpecification specification,
        MachineFiles files,
        int port,
        long? tscKilohertz
    )
    {
        var kvm = specification.Accelerator == Accelerator.Kvm;
        var microvm = specification.Type != MachineType.Q35;
        var device = microvm ? "device" : "pci";
        List<string> words =
        [
            "-nodefaults",
            "-no-user-config",
            "-no-reboot",
            // The guest starts when the harness is connected, so that even one that dies at once is seen to.
            "-S",
            "-display",
            "none",
            // Thread names: which of QEMU's threads is which vCPU stands nowhere else.
            "-name",
            "reaplab,debug-threads=on",
            // acpi=on: without it the guest checks its local APIC timer against emulated ticks, and on a loaded host does
            // without it and without high-resolution timers (9 of 16 boots; with it none of 32).
            "-machine",
            microvm ? "microvm,acpi=on,memory-backend=ram" : "q35,memory-backend=ram",
            "-accel",
            kvm ? "kvm" : "tcg,thread=multi",
            // migratable=off: the invariant TSC is shown to the guest, else it takes kvm-clock. Without erms and fsrm the
            // kernel clears pages by quadwords; TCG runs rep stosb byte by byte, a quarter of a trial's host time.
            "-cpu",
            kvm ? "host,migratable=off" : "max,-erms,-fsrm",
            "-smp",
            Invariant($"{specification.Cpus}"),
            "-m",
            Invariant($"{specification.MemoryBytes / Mebibyte}M"),
            // Under KVM the host's page faults would be part of the measurement. merge=off keeps the host's KSM away.
            "-object",
            Invariant(
                $"memory-backend-ram,id=ram,size={specification.MemoryBytes / Mebibyte}M,prealloc={(kvm ? "on" : "off")},merge=off,dump=off"
            ),
            "-kernel",
            specification.KernelImage,
            "-initrd",
            files.Initrd,
            "-append",
            KernelCommandLine.Compose(specification, tscKilohertz),
            "-chardev",
            $"file,id=console,path={Escape(files.Console)}",
            "-serial",
            "chardev:console",
            "-qmp",
            $"unix:{Escape(files.QmpSocket)},server=on,wait=off",
            "-netdev",
            Invariant($"user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:{port}-10.0.2.15:22"),
            // romfile: no network boot, no option ROM.
            "-device",
            $"virtio-net-{device},netdev=net0" + (microvm ? "" : ",romfile="),
            "-sandbox",
            "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
        ];
        if (specification.DiskImage is { } disk)
        {
            // snapshot=on: writes go to an unlinked temporary file; the image serves all machines and nothing is left.
            // cache=unsafe: the writes do not outlive the machine, and a flush to the host's disk would be measured.
            words.AddRange(["-drive", $"id=disk0,if=none,format=raw,cache=unsafe,snapshot=on,file={Escape(disk)}"]);
            words.AddRange(["-device", $"virtio-blk-{device},drive=disk0"]);
        }

        return words;
    }

    /// <summary>QEMU's option syntax: a comma in a value is doubled.</summary>
    private static string Escape(string value) => value.Replace(",", ",,", StringComparison.Ordinal);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
