// SPDX-License-Identifier: MIT

using Reaplab.Machines;

namespace Reaplab.Tests.Machines;

public sealed class QemuArgumentsTests
{
    private static readonly MachineSpecification Specification = new(
        "/k/bzImage",
        ["/i/initrd"],
        Cpus: 2,
        MemoryBytes: 2L << 30,
        DiskImage: "/d/a,b.img",
        Accelerator.Tcg,
        "/run"
    )
    {
        RecordDirectory = "/cache/machines",
        Type = MachineType.Microvm,
    };

    private static readonly MachineFiles Files = new("/tmp/reaplab-x", "/run/console.log");

    [Fact]
    public void The_emulated_microvm_is_this_command_line() =>
        Assert.Equal(
            """
            -nodefaults -no-user-config -no-reboot -S -display none
            -name reaplab,debug-threads=on
            -machine microvm,acpi=on,memory-backend=ram
            -accel tcg,thread=multi
            -cpu max,-erms,-fsrm
            -smp 2
            -m 2048M
            -object memory-backend-ram,id=ram,size=2048M,prealloc=off,merge=off,dump=off
            -kernel /k/bzImage
            -initrd /tmp/reaplab-x/initrd
            -append console=ttyS0 loglevel=5 printk.time=1 panic=-1 oops=panic reboot=t random.trust_cpu=on tsc=reliable tsc_early_khz=2600000 no_timer_check
            -chardev file,id=console,path=/run/console.log
            -serial chardev:console
            -qmp unix:/tmp/reaplab-x/qmp,server=on,wait=off
            -netdev user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:40123-10.0.2.15:22
            -device virtio-net-device,netdev=net0
            -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
            -drive id=disk0,if=none,format=raw,cache=unsafe,snapshot=on,file=/d/a,,b.img
            -device virtio-blk-device,drive=disk0
            """,
            Show(Specification)
        );

    [Fact]
    public void Under_kvm_memory_is_preallocated_the_host_cpu_shown_and_no_clock_forced()
    {
        var shown = Show(Specification with { Accelerator = Accelerator.Kvm });
        Assert.Contains("-accel kvm\n-cpu host,migratable=off\n", shown, StringComparison.Ordinal);
        Assert.Contains("prealloc=on", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("tsc", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Emulated_debug_kernels_have_ten_times_the_watchdogs_patience_and_no_others()
    {
        var debug = Specification with { DebugKernel = true };
        foreach (
            var word in new[]
            {
                "rcupdate.rcu_cpu_stall_timeout=210",
                "sysctl.kernel.hung_task_timeout_secs=300",
                "sysctl.kernel.hung_task_check_interval_secs=30",
                "workqueue.watchdog_thresh=300",
            }
        )
        {
            Assert.Contains($" {word}", Show(debug), StringComparison.Ordinal);
            Assert.DoesNotContain(word, Show(Specification), StringComparison.Ordinal);
            Assert.DoesNotContain(word, Show(debug with { Accelerator = Accelerator.Kvm }), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void On_q35_devices_are_pci_and_no_disk_means_no_drive()
    {
        var shown = Show(Specification with { Type = MachineType.Q35, DiskImage = null });
        Assert.Contains("-machine q35,memory-backend=ram", shown, StringComparison.Ordinal);
        Assert.Contains("-device virtio-net-pci,netdev=net0,romfile=", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("virtio-blk", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_the_caller_end_the_kernel_command_line()
    {
        var shown = Show(Specification with { KernelArguments = ["a=1", "b"], Verbose = true });
        Assert.Contains("ignore_loglevel", shown, StringComparison.Ordinal);
        Assert.Contains("tsc_early_khz=2600000 no_timer_check a=1 b\n", shown, StringComparison.Ordinal);
    }

    /// <summary>One option per line.</summary>
    private static string Show(MachineSpecification specification) =>
        string.Join(' ', QemuArguments.Compose(specification, Files, 40123, 2_600_000))
            .Replace(" -", "\n-", StringComparison.Ordinal)
            .Replace(
                "-nodefaults\n-no-user-config\n-no-reboot\n-S\n-display",
                "-nodefaults -no-user-config -no-reboot -S -display",
                StringComparison.Ordinal
            );
}
