// SPDX-License-Identifier: MIT

using System.Text;
using Reaplab.Machines;

namespace Reaplab.Tests.Machines;

/// <summary>Plays named situations to the monitor. Times are seconds since the machine's start.</summary>
public sealed class MachineMonitorTests
{
    private const string Ready = "reaplab: guest ready\n";
    private const string Bug = "[    5.000001] BUG: kernel NULL pointer dereference, address: 0000000000000008\n";
    private const string Panic = "[    5.100001] Kernel panic - not syncing: Fatal exception\n";

    private static readonly MachineLimits Limits = new(
        Start: TimeSpan.FromSeconds(10),
        Boot: TimeSpan.FromSeconds(30),
        FaultGrace: TimeSpan.FromSeconds(10),
        LostSshGrace: TimeSpan.FromSeconds(5),
        NoProgress: TimeSpan.FromSeconds(300)
    );

    private readonly MachineMonitor monitor = new(Limits);

    [Fact]
    public void A_guest_that_boots_and_is_stopped_was_stopped()
    {
        Assert.Null(At(1, "booting\n"));
        Assert.Null(At(2, Ready));
        Assert.True(monitor.IsReady);
        Assert.Equal(TimeSpan.FromSeconds(2), monitor.ReadyAt);
        Assert.Equal(MachineEndKind.Stopped, At(3, stop: true)?.Kind);
    }

    [Fact]
    public void A_ready_line_in_two_pieces_is_seen()
    {
        Assert.Null(At(1, "reaplab: gue"));
        Assert.Null(At(1.1, "st ready\n"));
        Assert.True(monitor.IsReady);
    }

    [Fact]
    public void A_ready_line_that_the_kernel_interrupts_is_seen()
    {
        Assert.Null(At(1, "reaplab: guest r[    0.976091] [48] Running in background\n"));
        Assert.False(monitor.IsReady);
        Assert.Null(At(1.1, "[    0.980000] random: crng init done\neady\n"));
        Assert.True(monitor.IsReady);
    }

    [Fact]
    public void A_panic_at_boot_ends_with_qemu_and_has_the_kernels_words()
    {
        Assert.Null(At(1, "[    1.0] mounting\n"));
        var end = At(1.2, "[    1.200000] Kernel panic - not syncing: No working init found.\n", exit: 0);
        Assert.Equal(MachineEndKind.Panicked, end?.Kind);
        Assert.Equal("Kernel panic - not syncing: No working init found.", end?.Title);
        Assert.Contains("mounting", end?.ConsoleExcerpt, StringComparison.Ordinal);
        Assert.True(end?.IsKernelFault);
    }

    [Fact]
    public void An_oops_that_becomes_a_panic_keeps_the_title_of_the_oops()
    {
        At(2, Ready);
        Assert.Null(At(5, Bug));
        Assert.Null(At(5.01, "[    5.000100] RIP: 0010:process_reap+0x12/0x340\n"));
        var end = At(5.2, Panic, exit: 0);
        Assert.Equal(MachineEndKind.Oopsed, end?.Kind);
        Assert.Equal("BUG: kernel NULL pointer dereference, address: ADDR in process_reap", end?.Title);
    }

    [Fact]
    public void An_oops_without_an_end_ends_after_the_grace()
    {
        At(2, Ready);
        Assert.Null(At(5, Bug));
        Assert.Null(At(14.9, "more\n"));
        var end = At(15, "yet more\n");
        Assert.Equal(MachineEndKind.Oopsed, end?.Kind);
        Assert.Contains("yet more", end?.ConsoleExcerpt, StringComparison.Ordinal);
    }

    [Fact]
    public void An_oops_line_in_two_pieces_is_found()
    {
        At(2, Ready);
        Assert.Null(At(5, Bug[..25]));
        Assert.Null(At(6, Bug[25..]));
        Assert.Equal(MachineEndKind.Oopsed, At(16)?.Kind);
    }

    [Fact]
    public void A_last_line_without_an_end_is_read_when_qemu_is_gone() =>
        Assert.Equal(MachineEndKind.Panicked, At(5, Panic.TrimEnd(), exit: 0)?.Kind);

    [Fact]
    public void A_panic_line_behind_program_output_is_found()
    {
        At(2, Ready);
        Assert.Equal(MachineEndKind.Panicked, At(5, "sh: no newline" + Panic, exit: 0)?.Kind);
    }

    [Fact]
    public void A_line_without_end_does_not_hide_what_follows_in_it()
    {
        At(2, Ready);
        Assert.Null(At(4, new string('x', 10_000)));
        Assert.Equal(MachineEndKind.Panicked, At(5, Panic, exit: 0)?.Kind);
    }

    [Fact]
    public void A_crash_seen_before_our_stop_stays_a_crash()
    {
        At(2, Ready);
        Assert.Null(At(5, Bug));
        Assert.Equal(MachineEndKind.Oopsed, At(5.1, stop: true)?.Kind);
    }

    [Fact]
    public void A_silent_boot_is_a_hang_with_an_empty_console()
    {
        Assert.Null(At(29.9));
        var end = At(30);
        Assert.Equal(MachineEndKind.HungAtBoot, end?.Kind);
        Assert.Contains("console is empty", end?.Title, StringComparison.Ordinal);
        Assert.True(end?.IsHang);
    }

    [Fact]
    public void A_hang_is_named_by_the_kernels_own_detector()
    {
        At(2, Ready);
        At(240, "[  240.000000] INFO: task victim:123 blocked for more than 120 seconds.\n");
        var end = At(540);
        Assert.Equal(MachineEndKind.NoProgress, end?.Kind);
        Assert.StartsWith("INFO: task victim blocked for too long", end?.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stall_that_passes_is_no_end()
    {
        At(2, Ready);
        Assert.Null(At(30, "[   30.000000] rcu: INFO: rcu_sched self-detected stall on CPU\n"));
        Assert.Null(At(310, answered: 300));
        Assert.Equal(KernelMessageKind.Stall, Assert.Single(monitor.Messages).Kind);
    }

    [Fact]
    public void Answers_over_ssh_are_progress_without_console_output()
    {
        At(2, Ready);
        Assert.Null(At(400, answered: 390));
        Assert.Null(At(689, answered: 390));
        Assert.Equal(MachineEndKind.NoProgress, At(690, answered: 390)?.Kind);
    }

    [Fact]
    public void A_lost_connection_waits_for_a_crash_to_explain_it()
    {
        At(2, Ready);
        Assert.Null(At(20, lost: 20));
        Assert.Null(At(24.9, lost: 20));
        Assert.Equal(MachineEndKind.Oopsed, At(25, Bug + Panic, exit: 0, lost: 20)?.Kind);
    }

    [Fact]
    public void A_lost_connection_that_nothing_explains_is_an_end_of_its_own()
    {
        At(2, Ready);
        Assert.Null(At(24.9, lost: 20));
        Assert.Equal(MachineEndKind.LostSsh, At(25, lost: 20)?.Kind);
    }

    [Fact]
    public void A_guest_that_resets_in_silence_exited_early()
    {
        At(2, Ready);
        var end = At(7, exit: 0);
        Assert.Equal(MachineEndKind.ExitedEarly, end?.Kind);
        Assert.True(end?.IsKernelFault);
    }

    [Theory]
    [InlineData(1, "qemu exited with status 1: qemu-system-x86_64: could not write")]
    [InlineData(137, "qemu was killed by signal 9: qemu-system-x86_64: could not write")]
    public void A_qemu_that_fails_is_trouble_of_the_host(int status, string title)
    {
        At(2, Ready);
        var end = At(7, exit: status, errors: "first\nqemu-system-x86_64: could not write");
        Assert.Equal(MachineEndKind.HostTrouble, end?.Kind);
        Assert.Equal(title, end?.Title);
        Assert.False(end?.IsKernelFault);
    }

    [Fact]
    public void A_warning_and_a_kernel_oom_kill_are_noted_and_no_end()
    {
        At(2, Ready);
        Assert.Null(
            At(
                9,
                "[    9.000000] WARNING: CPU: 1 PID: 77 at mm/oom_kill.c:521 reap+0x1/0x2\n"
                    + "[    9.100000] Out of memory: Killed process 81 (hog) total-vm:100kB\n"
            )
        );
        Assert.Null(At(200));
        Assert.Equal(
            [KernelMessageKind.Warning, KernelMessageKind.OutOfMemory],
            monitor.Messages.Select(message => message.Kind)
        );
        Assert.Equal("WARNING: at mm/oom_kill.c:521 reap", monitor.Messages[0].Title);
    }

    [Fact]
    public void Limits_are_ordered_so_that_causes_speak_before_symptoms()
    {
        foreach (var accelerator in Enum.GetValues<Accelerator>())
        {
            var limits = MachineLimits.For(accelerator, debugKernel: false);
            Assert.True(limits.LostSshGrace < limits.FaultGrace);
            Assert.True(limits.FaultGrace < limits.Boot);
            Assert.True(limits.NoProgress > TimeSpan.FromSeconds(240));
        }
    }

    private MachineEnd? At(
        double seconds,
        string console = "",
        int? exit = null,
        string errors = "",
        bool stop = false,
        double? answered = null,
        double? lost = null
    ) =>
        monitor.Look(
            new MachineSigns(TimeSpan.FromSeconds(seconds), Encoding.UTF8.GetBytes(console))
            {
                ExitCode = exit,
                ErrorTail = errors,
                StopRequested = stop,
                LastAnswer = answered is { } a ? TimeSpan.FromSeconds(a) : null,
                SshLost = lost is { } l ? TimeSpan.FromSeconds(l) : null,
            }
        );
}
