// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Machines;
using Reaplab.Ssh;

namespace Reaplab.Trials;

/// <summary>
/// Runs one boot of a block to its end, whatever happens: a crash or hang of the kernel under test is a row and a new
/// boot for the rest; trouble of the host is repeated up to a cap.
/// </summary>
internal sealed class BootRunner
{
    /// <summary>Trouble of the host that three repeats don't cure will not go away in a fourth.</summary>
    private const int InfrastructureCap = 3;

    /// <summary>A kernel that does not come up three times running closes all of the boot's cells.</summary>
    private const int BootFaultCap = 3;

    private readonly RunContext context;
    private readonly RunWriter writer;
    private readonly TrialRows template;
    private readonly Block block;
    private readonly Boot boot;
    private readonly TrialQueue queue;
    private readonly string consoleDirectory;
    private readonly Action<Cell, TrialSlot> onTrial;
    private int bootNumber;
    private int bootFaults;
    private bool booted;

    internal BootRunner(
        RunContext context,
        RunWriter writer,
        TrialRows template,
        Block block,
        Boot boot,
        string consoleDirectory,
        Action<Cell, TrialSlot> onTrial
    )
    {
        this.context = context;
        this.writer = writer;
        this.template = template;
        this.block = block;
        this.boot = boot;
        this.consoleDirectory = consoleDirectory;
        this.onTrial = onTrial;
        queue = new TrialQueue(boot);
    }

    internal BootReport Report { get; } = new();

    private TrialRows Rows => template with { Block = block.Number, Boot = bootNumber };

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!queue.IsEmpty)
        {
            bootNumber++;
            queue.NoteBoot();
            booted = false;
            try
            {
                await BootOnceAsync(cancellationToken);
            }
            catch (MachineEndedException exception) when (exception.End.IsKernelFault)
            {
                NoteKernelFault(exception.End);
            }
            catch (InfrastructureException) when (Report.InfrastructureRepeats < InfrastructureCap)
            {
                Report.InfrastructureRepeats++;
            }
            catch (MachineEndedException) when (Report.InfrastructureRepeats < InfrastructureCap)
            {
                Report.InfrastructureRepeats++;
            }
        }
    }

    private async Task BootOnceAsync(CancellationToken cancellationToken)
    {
        var directory = Path.Combine(
            consoleDirectory,
            $"block-{block.Number:00}-{boot.Approach}-{boot.Machine.MemoryBytes >> 20}MiB-boot-{bootNumber}"
        );
        await using var guest = await Guest.StartAsync(
            context,
            context.Kernels[boot.Approach],
            boot.Machine,
            directory,
            cancellationToken
        );
        booted = true;
        Report.BootTimes.Add(guest.BootTime);
        try
        {
            await RunTrialsAsync(guest, cancellationToken);
        }
        catch (SshException exception)
        {
            // The machine knows better than the connection why it went silent; a timeout with a healthy console is a hang.
            if (exception is SshTimeoutException)
            {
                // From here on the machine ends within the monitor's lost-SSH limit, which is longer than a moment.
                guest.Machine.ReportLostSsh();
                throw new MachineEndedException(
                    await guest.Machine.Ended.WaitAsync(cancellationToken),
                    guest.Machine.ConsolePath
                );
            }

            await ThrowIfEndedAsync(guest.Machine);
            throw;
        }
        finally
        {
            Report.RunDelayNs += guest.Machine.ReadRunDelay().Sum(cpu => cpu.DelayNanoseconds);
        }
    }

    private async Task RunTrialsAsync(Guest guest, CancellationToken cancellationToken)
    {
        var limits = TrialLimits.For(context.Accelerator);
        await using var agent = await AgentClient.StartAsync(guest.Session, limits.Request, cancellationToken);
        var probe = await GuestClock.WaitUntilFitAsync(agent, limits, cancellationToken);
        string? background = null;
        while (!queue.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var cell = queue.Cell;
            onTrial(cell, queue.Slot);
            if (probe.Methods.GetValueOrDefault(cell.Method, "ENOSYS") is var errno && errno != "0")
            {
                CloseCell(TrialOutcome.Unsupported, $"the kernel answers the probe of {cell.Method} with {errno}");
                continue;
            }

            var wanted = string.Join(' ', cell.Scenario.Background);
            if (wanted != background)
            {
                await agent.SetBackgroundAsync(cell.Scenario.Background, limits.Background, cancellationToken);
                background = wanted;
            }

            await RunTrialAsync(guest, agent, cell, queue.Slot, limits, cancellationToken);
        }
    }

    private async Task RunTrialAsync(
        Guest guest,
        AgentClient agent,
        Cell cell,
        TrialSlot slot,
        TrialLimits limits,
        CancellationToken cancellationToken
    )
    {
        var words = new SortedDictionary<string, string>(
            cell.Scenario.Trial.ToDictionary(word => word.Key, word => word.Value),
            StringComparer.Ordinal
        )
        {
            ["method"] = cell.Method,
            ["observer"] = slot.Observer ? "1" : "0",
            ["sample_ns"] = Duration.ToNanoseconds(limits.SamplePeriod).ToString(CultureInfo.InvariantCulture),
        };
        var watch = Stopwatch.StartNew();
        var trial = await agent.RunTrialAsync(words, limits.Trial(cell.Scenario), cancellationToken);
        guest.Machine.NoteProgress();
        var record = Rows.Measured(cell, slot, queue.Warmup, trial);
        writer.Append(record, Rows.Samples(slot, trial), Rows.Measures(slot, trial));
        if (trial.ElapsedNs is { } elapsed)
        {
            Report.HarnessTime += watch.Elapsed - TimeSpan.FromTicks(elapsed / 100);
            Report.Trials++;
        }

        if (record.Outcome == TrialOutcome.Infrastructure)
        {
            throw new InfrastructureException(record.Detail);
        }

        queue.Advance();
        if (trial.Error is { } error)
        {
            throw new InfrastructureException($"the guest could not be cleaned up after a trial: {error}");
        }
    }

    private void NoteKernelFault(MachineEnd end)
    {
        Report.KernelFaults++;
        bootFaults = booted ? 0 : bootFaults + 1;
        var outcome = end.IsHang ? TrialOutcome.Hang : TrialOutcome.Crash;
        var title = booted ? end.Title : "at boot: " + end.Title;
        writer.Append(Rows.Unmeasured(queue.Cell, queue.Slot, queue.Warmup, outcome, title), [], []);
        var cell = queue.Cell;
        var closeCell = queue.NoteCrash();
        queue.Advance();
        while (!queue.IsEmpty && bootFaults >= BootFaultCap)
        {
            CloseCell(outcome, $"closed: the kernel did not come up {BootFaultCap} times running: {end.Title}");
        }

        if (closeCell && !queue.IsEmpty && ReferenceEquals(queue.Cell, cell))
        {
            CloseCell(outcome, $"closed after three crashes in this cell: {end.Title}");
        }
    }

    private void CloseCell(TrialOutcome outcome, string detail)
    {
        foreach (var (cell, slot) in queue.TakeCell())
        {
            writer.Append(Rows.Unmeasured(cell, slot, slot.Warmup, outcome, detail), [], []);
        }
    }

    private static async Task ThrowIfEndedAsync(Machine machine)
    {
        // The console's last lines and QEMU's end arrive within moments of the connection's.
        var ended = await Task.WhenAny(machine.Ended, Task.Delay(TimeSpan.FromSeconds(5), CancellationToken.None));
        if (ended == machine.Ended)
        {
            throw new MachineEndedException(await machine.Ended, machine.ConsolePath);
        }
    }
}
