// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Reaplab.Foundation;

namespace Reaplab.Machines;

/// <summary>Brings QEMU up: a free port, the process, its control channel.</summary>
internal static class MachineLaunch
{
    /// <summary>QEMU's words when somebody took the port between our look and its bind.</summary>
    private const string PortTaken = "Could not set up host forwarding rule";

    /// <summary>The kernel hands out ephemeral ports at random from 28,000: a second loss is unlikely, a tenth means something else.</summary>
    private const int PortAttempts = 10;

    /// <summary>QEMU greets after 50 to 100 ms; nothing is gained by looking more often.</summary>
    private static readonly TimeSpan GreetingPollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Kernel rule for concatenated archives: each starts at a multiple of 4.</summary>
    private const int ArchiveAlignment = 4;

    /// <summary>A QEMU that runs.</summary>
    /// <param name="Process">The process.</param>
    /// <param name="Control">Its control channel.</param>
    /// <param name="Port">The forwarded port.</param>
    /// <param name="Clock">Runs since just before exec.</param>
    internal sealed record Started(ChildProcess Process, QmpClient Control, int Port, Stopwatch Clock);

    /// <summary>Starts QEMU, with another port when the first was taken.</summary>
    /// <param name="specification">The machine.</param>
    /// <param name="qemu">The QEMU.</param>
    /// <param name="files">Its files.</param>
    /// <param name="limit">Longest wait for QEMU's greeting.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="choosePort">Replaces the choice of a port, for tests.</param>
    /// <exception cref="InfrastructureException">QEMU ended or did not greet.</exception>
    internal static async Task<Started> StartAsync(
        MachineSpecification specification,
        QemuInstallation qemu,
        MachineFiles files,
        TimeSpan limit,
        CancellationToken cancellationToken,
        Func<int>? choosePort = null
    )
    {
        var rate = specification.Accelerator == Accelerator.Tcg ? TscRate.Kilohertz : null;
        for (var attempt = 1; ; attempt++)
        {
            var port = (choosePort ?? FreePort)();
            var arguments = QemuArguments.Compose(specification, files, port, rate);
            var clock = Stopwatch.StartNew();
            var process = await ChildProcess.StartAsync(qemu.Path, arguments, pipeOutput: false);
            try
            {
                var control = await GreetAsync(process, files, limit, cancellationToken);
                await control.ContinueAsync(cancellationToken);
                return new Started(process, control, port, clock);
            }
            catch (Exception exception)
            {
                await process.DisposeAsync();
                var taken = process.ErrorTail.Contains(PortTaken, StringComparison.Ordinal);
                if (exception is not InfrastructureException || !taken || attempt == PortAttempts)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Writes the parts of an initial file system as one file.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Ends the copying.</param>
    internal static async Task ConcatenateAsync(
        IReadOnlyList<string> parts,
        string file,
        CancellationToken cancellationToken
    )
    {
        await using var output = File.Create(file);
        foreach (var part in parts)
        {
            await using var input = File.OpenRead(part);
            await input.CopyToAsync(output, cancellationToken);
            var beyond = (int)(output.Length % ArchiveAlignment);
            await output.WriteAsync(new byte[beyond == 0 ? 0 : ArchiveAlignment - beyond], cancellationToken);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<QmpClient> GreetAsync(
        ChildProcess process,
        MachineFiles files,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (process.Exited.IsCompleted)
            {
                throw new InfrastructureException(
                    $"QEMU exited with status {await process.Exited} at its start: {process.ErrorTail}\n  command: {process.CommandLine}"
                );
            }

            if (clock.Elapsed > limit)
            {
                throw new InfrastructureException(
                    $"QEMU did not open its control channel within {limit.TotalSeconds:0} s: {process.ErrorTail}\n  command: {process.CommandLine}"
                );
            }

            try
            {
                return await QmpClient.ConnectAsync(files.QmpSocket, cancellationToken);
            }
            catch (Exception exception) when (exception is SocketException or IOException or InfrastructureException)
            {
                // Not listening yet, or gone while it greeted: the next round tells.
                await Task.WhenAny(process.Exited, Task.Delay(GreetingPollInterval, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
