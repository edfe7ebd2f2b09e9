// SPDX-License-Identifier: MIT

using System.Diagnostics;
using Reaplab.Foundation;
using Reaplab.Machines;

namespace Reaplab.Tests.Machines;

public sealed class OrphanReaperTests : IDisposable
{
    /// <summary>A program with our folder in its command line, as QEMU has; long enough for any test.</summary>
    private const string Stand = "sleep 60; exit 0";

    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    private string Sockets => Path.Combine(folder, "sockets");

    [Fact(Timeout = 30_000)]
    public async Task A_machine_whose_harness_is_gone_is_killed_and_forgotten()
    {
        await using var machine = await StartAsync(Sockets);
        OrphanReaper.Write(folder, Record(machine, await GoneAsync()));
        Assert.Equal([machine.Id], OrphanReaper.Reap(folder));
        Assert.Equal(137, await machine.Exited);
        Assert.False(Directory.Exists(Sockets));
        Assert.Empty(OrphanReaper.Reap(folder));
        Assert.Empty(Directory.EnumerateFiles(folder));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_machine_of_a_harness_that_runs_is_left_alone()
    {
        await using var machine = await StartAsync(Sockets);
        OrphanReaper.Write(folder, Record(machine, ProcessIdentity.Read(Environment.ProcessId)!));
        Assert.Empty(OrphanReaper.Reap(folder));
        Assert.False(machine.Exited.IsCompleted);
        Assert.True(Directory.Exists(Sockets));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stranger_with_the_same_id_is_left_alone()
    {
        await using var stranger = await StartAsync(Sockets);
        var record = Record(stranger, await GoneAsync());
        OrphanReaper.Write(folder, record with { Machine = record.Machine with { StartTicks = 1 } });
        Assert.Empty(OrphanReaper.Reap(folder));
        Assert.False(stranger.Exited.IsCompleted);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_process_that_does_not_name_the_machines_sockets_is_left_alone()
    {
        await using var other = await StartAsync("elsewhere");
        OrphanReaper.Write(folder, Record(other, await GoneAsync()));
        Assert.Empty(OrphanReaper.Reap(folder));
        Assert.False(other.Exited.IsCompleted);
    }

    [Fact]
    public void A_broken_record_is_removed()
    {
        File.WriteAllText(Path.Combine(folder, "1-1.json"), "{");
        Assert.Empty(OrphanReaper.Reap(folder));
        Assert.Empty(Directory.EnumerateFiles(folder));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_child_leads_a_session_of_its_own_so_that_ctrl_c_does_not_reach_it()
    {
        await using var child = await StartAsync(Sockets);
        var stat = await File.ReadAllTextAsync($"/proc/{child.Id}/stat");
        Assert.Equal(
            child.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3]
        );
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<ChildProcess> StartAsync(string word)
    {
        Directory.CreateDirectory(Sockets);
        var child = await ChildProcess.StartAsync("sh", ["-c", Stand, word], pipeOutput: false);
        // The wrappers become the program by exec; the record is written after QEMU's greeting, so never before that.
        // Their command lines name the program too, only its own name tells that it is there.
        var watch = Stopwatch.StartNew();
        while (
            watch.Elapsed < TimeSpan.FromSeconds(10)
            && await File.ReadAllTextAsync($"/proc/{child.Id}/comm") is not "sh\n"
        )
        {
            await Task.Delay(10);
        }

        return child;
    }

    private MachineRecord Record(ChildProcess machine, ProcessIdentity harness) =>
        new(ProcessIdentity.Read(machine.Id)!, harness, Sockets);

    private static async Task<ProcessIdentity> GoneAsync()
    {
        var gone = await ChildProcess.StartAsync("sleep", ["60"], pipeOutput: false);
        var identity = ProcessIdentity.Read(gone.Id)!;
        await gone.DisposeAsync();
        return identity;
    }
}
