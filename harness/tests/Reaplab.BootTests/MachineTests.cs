// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Reaplab.BootTests.Support;
using Reaplab.Foundation;
using Reaplab.Images;
using Reaplab.Machines;
using Reaplab.Ssh;

namespace Reaplab.BootTests;

[Collection("boots")]
public sealed class MachineTests : IDisposable
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(60);
    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-boot-").FullName;

    [Fact(Timeout = 300_000)]
    public async Task A_machine_boots_answers_and_leaves_only_its_console_behind()
    {
        var (parts, machine) = await StartAsync();
        await using (machine)
        {
            await machine.WaitReadyAsync(default);
            Assert.True(Directory.Exists(machine.SocketDirectory));
            Assert.Single(Directory.GetFiles(Path.Combine(folder, "records")));
            await using var session = await ConnectAsync(parts, machine);
            Assert.Equal("2\n", (await session.RunAsync("nproc", Ample, default)).StandardOutput);
            var delays = machine.ReadRunDelay();
            Assert.Equal([0, 1], delays.Select(delay => delay.Cpu));
            Assert.All(delays, delay => Assert.True(delay.RunNanoseconds > 0));
            Assert.Equal(MachineEndKind.Stopped, (await machine.StopAsync()).Kind);
        }

        Assert.False(Directory.Exists(machine.SocketDirectory));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "records")));
        // Not the ready line by its letters: a kernel message may stand in the middle of it.
        Assert.NotNull(machine.BootTime);
        Assert.NotEmpty(await File.ReadAllTextAsync(machine.ConsolePath));
        Assert.Contains(
            "-accel tcg",
            await File.ReadAllTextAsync(Path.Combine(folder, "qemu.txt")),
            StringComparison.Ordinal
        );
    }

    [Fact(Timeout = 300_000)]
    public async Task What_the_kernel_said_before_a_text_on_the_console_is_known_after_waiting_for_it()
    {
        var (parts, machine) = await StartAsync();
        await using (machine)
        {
            await machine.WaitReadyAsync(default);
            await using var session = await ConnectAsync(parts, machine);
            await session.RunAsync(
                "echo '<4>WARNING: CPU: 1 PID: 7 at made/up.c:1 made_up+0x1/0x2' >/dev/kmsg; echo '<1>the end' >/dev/kmsg",
                Ample,
                default
            );
            Assert.True(await machine.WaitForConsoleAsync("the end", Ample, default));
            Assert.Equal("WARNING: at made/up.c:1 made_up", Assert.Single(machine.KernelMessages).Title);
            Assert.False(await machine.WaitForConsoleAsync("never said", TimeSpan.FromSeconds(1), default));
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task The_guests_clock_is_the_hosts_counter()
    {
        var (parts, machine) = await StartAsync();
        await using (machine)
        {
            await machine.WaitReadyAsync(default);
            await using var session = await ConnectAsync(parts, machine);
            const string Source = "cat /sys/devices/system/clocksource/clocksource0/current_clocksource";
            Assert.StartsWith(
                "tsc",
                (await session.RunAsync(Source, Ample, default)).StandardOutput,
                StringComparison.Ordinal
            );
            var before = await UptimeAsync(session);
            var watch = Stopwatch.StartNew();
            await Task.Delay(TimeSpan.FromSeconds(3));
            var passed = await UptimeAsync(session) - before;
            // The two readings are each late by one SSH command.
            Assert.InRange(passed / watch.Elapsed.TotalSeconds, 0.8, 1.2);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_guest_writes_to_its_disk_and_the_image_stays_as_it_was()
    {
        var image = Path.Combine(folder, "disk, with a comma.ext4");
        await DiskImage.CreateAsync(image, DiskImage.DefaultBytes, default);
        var before = SHA256.HashData(await File.ReadAllBytesAsync(image));
        var (parts, machine) = await StartAsync(usual => usual with { DiskImage = image });
        await using (machine)
        {
            await machine.WaitReadyAsync(default);
            await using var session = await ConnectAsync(parts, machine);
            const string Write =
                "grep -q ' /disk ext4 ' /proc/mounts && echo here > /disk/file && sync && cat /disk/file";
            Assert.Equal("here\n", (await session.RunAsync(Write, Ample, default)).StandardOutput);
        }

        Assert.Equal(before, SHA256.HashData(await File.ReadAllBytesAsync(image)));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_q35_machine_boots_too()
    {
        var (_, machine) = await StartAsync(usual => usual with { Type = MachineType.Q35 });
        await using (machine)
        {
            await machine.WaitReadyAsync(default);
            Assert.Contains("-machine q35", machine.CommandLine, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_guest_without_init_panics_and_says_so()
    {
        var (_, machine) = await StartAsync(usual => usual with { KernelArguments = ["rdinit=/none", "init=/none"] });
        await using (machine)
        {
            var failure = await Assert.ThrowsAsync<MachineEndedException>(() => machine.WaitReadyAsync(default));
            Assert.Equal(MachineEndKind.Panicked, failure.End.Kind);
            Assert.StartsWith("Kernel panic - not syncing", failure.End.Title, StringComparison.Ordinal);
            Assert.Equal(ExitCode.KernelCrash, failure.ExitCode);
            Assert.Contains(machine.ConsolePath, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_guest_that_never_gets_ready_hung_at_boot()
    {
        var limits = MachineLimits.For(Accelerator.Tcg, debugKernel: false) with { Boot = TimeSpan.FromSeconds(10) };
        var (_, machine) = await StartAsync(usual =>
            usual with
            {
                // QEMU adds its devices behind these words: a script takes them as its arguments.
                KernelArguments = ["rdinit=/bin/busybox", "--", "sh", "-c", "\"while :; do :; done\""],
                Limits = limits,
            }
        );
        await using (machine)
        {
            var failure = await Assert.ThrowsAsync<MachineEndedException>(() => machine.WaitReadyAsync(default));
            Assert.Equal(MachineEndKind.HungAtBoot, failure.End.Kind);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_crash_in_a_running_guest_is_a_crash_although_ssh_breaks_first()
    {
        var (parts, machine) = await StartAsync();
        await using (machine)
        {
            await machine.WaitReadyAsync(default);
            await using var session = await ConnectAsync(parts, machine);
            await Assert.ThrowsAnyAsync<SshException>(() =>
                session.RunAsync("echo c > /proc/sysrq-trigger; sleep 100", Ample, default)
            );
            machine.ReportLostSsh();
            var end = await machine.Ended;
            Assert.Equal(MachineEndKind.Panicked, end.Kind);
            Assert.Contains("sysrq triggered crash", end.Title, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_guest_whose_network_is_gone_lost_ssh()
    {
        var limits = MachineLimits.For(Accelerator.Tcg, debugKernel: false) with
        {
            LostSshGrace = TimeSpan.FromSeconds(2),
        };
        var (parts, machine) = await StartAsync(usual => usual with { Limits = limits });
        await using (machine)
        {
            await machine.WaitReadyAsync(default);
            await using var session = await ConnectAsync(parts, machine);
            await Assert.ThrowsAsync<SshTimeoutException>(() =>
                session.RunAsync("ifconfig eth0 down; sleep 100", TimeSpan.FromSeconds(2), default)
            );
            machine.ReportLostSsh();
            Assert.Equal(MachineEndKind.LostSsh, (await machine.Ended).Kind);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_guest_that_resets_itself_exited_early()
    {
        var (parts, machine) = await StartAsync();
        await using (machine)
        {
            await machine.WaitReadyAsync(default);
            await using var session = await ConnectAsync(parts, machine);
            await Assert.ThrowsAnyAsync<SshException>(() => session.RunAsync("reboot -f; sleep 100", Ample, default));
            Assert.Equal(MachineEndKind.ExitedEarly, (await machine.Ended).Kind);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_qemu_that_is_killed_is_trouble_of_the_host()
    {
        var (_, machine) = await StartAsync();
        await using (machine)
        {
            using var qemu = Process.GetProcessById(machine.ProcessId);
            qemu.Kill();
            var end = await machine.Ended;
            Assert.Equal(MachineEndKind.HostTrouble, end.Kind);
            Assert.Contains("signal 9", end.Title, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_port_somebody_took_is_left_to_him_and_another_found()
    {
        var parts = await GuestParts.GetAsync();
        using var somebody = new TcpListener(IPAddress.Loopback, 0);
        somebody.Start();
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var freePort = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        Queue<int> ports = new([((IPEndPoint)somebody.LocalEndpoint).Port, freePort]);
        var files = new MachineFiles(MachineFiles.CreateSocketDirectory(), Path.Combine(folder, "console.log"));
        await MachineLaunch.ConcatenateAsync(parts.Initrds, files.Initrd, default);
        var started = await MachineLaunch.StartAsync(
            BootedGuest.Specify(parts, folder) with
            {
                Type = MachineType.Microvm,
            },
            await QemuInstallation.FindAsync("qemu-system-x86_64", default),
            files,
            Ample,
            default,
            ports.Dequeue
        );
        await started.Process.DisposeAsync();
        started.Control.Dispose();
        Directory.Delete(files.SocketDirectory, recursive: true);
        Assert.Equal(freePort, started.Port);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_qemu_that_refuses_its_arguments_is_quoted()
    {
        var failure = await Assert.ThrowsAsync<InfrastructureException>(() =>
            StartAsync(usual => usual with { DiskImage = "/no/such/disk.img" })
        );
        Assert.Contains("/no/such/disk.img", failure.Message, StringComparison.Ordinal);
        Assert.Contains("qemu-system-x86_64", failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task The_accelerator_is_chosen_within_seconds_and_remembered()
    {
        var parts = await GuestParts.GetAsync();
        var probe = new AcceleratorProbe(new Workspace(folder, folder));
        var watch = Stopwatch.StartNew();
        var decision = await probe.ChooseAsync(AcceleratorChoice.Auto, parts.KernelImage, parts.Initrds, default);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"it took {watch.Elapsed}");
        TestContext.Current.SendDiagnosticMessage("{0} after {1}", decision, watch.Elapsed);
        Assert.Matches("^accelerator: (KVM|TCG, emulated) \\(.+\\)$", decision.ToString());
        watch.Restart();
        Assert.Equal(
            decision,
            await probe.ChooseAsync(AcceleratorChoice.Auto, parts.KernelImage, parts.Initrds, default)
        );
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"the second time took {watch.Elapsed}");
        Assert.Equal(
            Accelerator.Tcg,
            (await probe.ChooseAsync(AcceleratorChoice.Tcg, parts.KernelImage, parts.Initrds, default)).Accelerator
        );
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<(GuestParts Parts, Machine Machine)> StartAsync(
        Func<MachineSpecification, MachineSpecification>? change = null
    )
    {
        var parts = await GuestParts.GetAsync();
        var usual = BootedGuest.Specify(parts, folder);
        return (parts, await Machine.StartAsync(change?.Invoke(usual) ?? usual, CancellationToken.None));
    }

    private static async Task<ISshSession> ConnectAsync(GuestParts parts, Machine machine)
    {
        var target = new SshTarget(machine.SshPort, parts.PrivateKeyPath, parts.HostPublicKey, machine.SocketDirectory);
        var session = new OpenSshSessionFactory().Create(target);
        await session.ConnectAsync(Ample, default);
        return session;
    }

    private static async Task<double> UptimeAsync(ISshSession session)
    {
        var text = (await session.RunAsync("cut -d' ' -f1 /proc/uptime", Ample, default)).StandardOutput;
        return double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }
}
