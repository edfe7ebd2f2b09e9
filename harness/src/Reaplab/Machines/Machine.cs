// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text;
using Reaplab.Foundation;

namespace Reaplab.Machines;

/// <summary>A running guest and the monitor that watches over it.</summary>
public sealed class Machine : IAsyncDisposable
{
    /// <summary>While booting the ready line is awaited; a look at a file costs microseconds.</summary>
    private static readonly TimeSpan BootPollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Afterwards nobody waits for the console, and the host's CPUs belong to the guest.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch clock;
    private readonly ChildProcess process;
    private readonly MachineFiles files;
    private readonly string recordFile;
    private readonly MachineMonitor monitor;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private TimeSpan? lastAnswer;
    private TimeSpan? sshLost;

    private Machine(
        MachineSpecification specification,
        QemuInstallation qemu,
        MachineLaunch.Started started,
        MachineFiles files,
        string recordFile
    )
    {
        Specification = specification;
        Qemu = qemu;
        this.files = files;
        this.recordFile = recordFile;
        (process, Control, SshPort, clock) = (started.Process, started.Control, started.Port, started.Clock);
        monitor = new MachineMonitor(LimitsOf(specification));
        Ended = WatchAsync();
    }

    /// <summary>What was booted; its machine type is the one in use.</summary>
    public MachineSpecification Specification { get; }

    /// <summary>The QEMU that runs it.</summary>
    public QemuInstallation Qemu { get; }

    /// <summary>QEMU's whole command line, as a user could type it.</summary>
    public string CommandLine => process.CommandLine;

    /// <summary>QEMU's process id.</summary>
    public int ProcessId => process.Id;

    /// <summary>Port on 127.0.0.1 behind which the guest's SSH server listens.</summary>
    public int SshPort { get; }

    /// <summary>The console's file; it grows while the guest writes and stays after the end.</summary>
    public string ConsolePath => files.Console;

    /// <summary>A short-lived folder with a short path for sockets that belong to this machine; removed with it.</summary>
    public string SocketDirectory => files.SocketDirectory;

    /// <summary>QEMU's control channel.</summary>
    public QmpClient Control { get; }

    /// <summary>Completes with the machine, however it ends; never faults.</summary>
    public Task<MachineEnd> Ended { get; }

    /// <summary>From exec of QEMU to the ready line; null before.</summary>
    public TimeSpan? BootTime => monitor.ReadyAt;

    /// <summary>What the kernel complained about so far.</summary>
    public IReadOnlyList<KernelMessage> KernelMessages
    {
        get
        {
            lock (gate)
            {
                return [.. monitor.Messages];
            }
        }
    }

    /// <summary>Starts QEMU; returns as soon as it runs, long before the guest is ready.</summary>
    /// <param name="specification">The guest.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="InfrastructureException">QEMU is missing or refuses to start; its words stand in the message.</exception>
    public static async Task<Machine> StartAsync(
        MachineSpecification specification,
        CancellationToken cancellationToken
    )
    {
        var qemu = await QemuInstallation.FindAsync(specification.Qemu, cancellationToken);
        specification = specification with
        {
            Type = specification.Type ?? (qemu.HasMicrovm ? MachineType.Microvm : MachineType.Q35),
        };
        Directory.CreateDirectory(specification.Directory);
        var places = new MachineFiles(
            MachineFiles.CreateSocketDirectory(),
            Path.Combine(Path.GetFullPath(specification.Directory), "console.log")
        );
        MachineLaunch.Started? started = null;
        try
        {
            await MachineLaunch.ConcatenateAsync(specification.Initrds, places.Initrd, cancellationToken);
            started = await MachineLaunch.StartAsync(
                specification,
                qemu,
                places,
                LimitsOf(specification).Start,
                cancellationToken
            );
            await File.WriteAllTextAsync(
                Path.Combine(specification.Directory, "qemu.txt"),
                $"{qemu.Version}\n{started.Process.CommandLine}\n",
                cancellationToken
            );
            var record = new MachineRecord(
                ProcessIdentity.Read(started.Process.Id) ?? new ProcessIdentity(started.Process.Id, 0, ""),
                ProcessIdentity.Read(Environment.ProcessId)!,
                places.SocketDirectory
            );
            return new Machine(
                specification,
                qemu,
                started,
                places,
                OrphanReaper.Write(specification.RecordDirectory, record)
            );
        }
        catch
        {
            if (started is not null)
            {
                started.Control.Dispose();
                await started.Process.DisposeAsync();
            }

            Directory.Delete(places.SocketDirectory, recursive: true);
            throw;
        }
    }

    /// <summary>Waits for the guest's SSH server.</summary>
    /// <param name="cancellationToken">Ends the wait, not the machine.</param>
    /// <exception cref="MachineEndedException">The machine ended first; the boot limit is one way to end.</exception>
    public async Task WaitReadyAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(ready.Task, Ended).WaitAsync(cancellationToken);
        if (Ended.IsCompleted)
        {
            throw new MachineEndedException(await Ended, ConsolePath);
        }
    }

    /// <summary>
    /// Waits until the console was read up to a text, so that <see cref="KernelMessages"/> holds all that the kernel said
    /// before it.
    /// </summary>
    /// <param name="text">What the guest has just sent there, e.g. through /dev/kmsg; unique in the boot.</param>
    /// <param name="limit">Longest wait; a console lags behind by what the kernel still has to print.</param>
    /// <param name="cancellationToken">Ends the wait, not the machine.</param>
    /// <returns>False if the limit passed or the machine ended first.</returns>
    public async Task<bool> WaitForConsoleAsync(string text, TimeSpan limit, CancellationToken cancellationToken)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < limit && !Ended.IsCompleted)
        {
            var end = await FindInConsoleAsync(wanted, cancellationToken);
            lock (gate)
            {
                if (end is { } position && monitor.ConsoleLength >= position)
                {
                    return true;
                }
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        return false;
    }

    /// <summary>Tells the monitor that the guest has just answered; without, a quiet machine counts as hung in the end.</summary>
    public void NoteProgress()
    {
        lock (gate)
        {
            lastAnswer = clock.Elapsed;
            sshLost = null;
        }
    }

    /// <summary>
    /// Tells the monitor that SSH broke or a call passed its limit. The machine then ends within the lost-SSH limit, as a
    /// crash if console or process show one, else as <see cref="MachineEndKind.LostSsh"/>; await <see cref="Ended"/>.
    /// </summary>
    public void ReportLostSsh()
    {
        lock (gate)
        {
            sshLost ??= clock.Elapsed;
        }
    }

    /// <summary>How long the vCPUs ran and waited on the host since the start.</summary>
    public IReadOnlyList<VcpuRunDelay> ReadRunDelay() => VcpuRunDelay.Read(ProcessId);

    /// <summary>Ends the machine at once, without the guest's knowledge; harmless where it has ended.</summary>
    /// <returns>How it ended: a crash seen before stays a crash.</returns>
    public async Task<MachineEnd> StopAsync()
    {
        stopRequested.TrySetResult();
        return await Ended;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Control.Dispose();
    }

    private static MachineLimits LimitsOf(MachineSpecification specification) =>
        specification.Limits ?? MachineLimits.For(specification.Accelerator, specification.DebugKernel);

    private async Task<MachineEnd> WatchAsync()
    {
        MachineEnd? end = null;
        try
        {
            await using var console = OpenConsole();
            while (end is null)
            {
                await WaitForSignAsync();
                end = Look(console);
                if (monitor.IsReady)
                {
                    ready.TrySetResult();
                }
            }
        }
        catch (IOException exception)
        {
            end = new MachineEnd(MachineEndKind.HostTrouble, $"its console cannot be read: {exception.Message}", "");
        }

        await process.DisposeAsync();
        RemoveTraces();
        return end;
    }

    private void RemoveTraces()
    {
        try
        {
            Directory.Delete(files.SocketDirectory, recursive: true);
            File.Delete(recordFile);
        }
        catch (IOException)
        {
            // An ssh that is just closing may still make files there. The record stays: the next start removes the rest.
        }
    }

    private async Task WaitForSignAsync()
    {
        var pause = Task.Delay(monitor.IsReady ? PollInterval : BootPollInterval);
        await Task.WhenAny(process.Exited, stopRequested.Task, pause);
    }

    private MachineEnd? Look(FileStream console)
    {
        // The status first: what the guest wrote before QEMU's end is then in the file.
        int? status = process.Exited.IsCompleted ? process.Exited.Result : null;
        var buffer = new byte[Math.Max(0, console.Length - console.Position)];
        console.ReadExactly(buffer);
        lock (gate)
        {
            return monitor.Look(
                new MachineSigns(clock.Elapsed, buffer)
                {
                    ExitCode = status,
                    ErrorTail = process.ErrorTail,
                    StopRequested = stopRequested.Task.IsCompleted,
                    LastAnswer = lastAnswer,
                    SshLost = sshLost,
                }
            );
        }
    }

    /// <summary>Where in the console's file a text ends, or null where it is not there yet.</summary>
    private async Task<long?> FindInConsoleAsync(byte[] wanted, CancellationToken cancellationToken)
    {
        await using var console = OpenConsole();
        using var copy = new MemoryStream();
        await console.CopyToAsync(copy, cancellationToken);
        var start = copy.GetBuffer().AsSpan(0, (int)copy.Length).LastIndexOf(wanted);
        return start < 0 ? null : start + wanted.Length;
    }

    private FileStream OpenConsole() =>
        new(files.Console, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
