// SPDX-License-Identifier: MIT
using System.Diagnostics;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Machines;
using Reaplab.Ssh;

namespace Reaplab.Trials;

/// <summary>A booted machine with a connected session: what a boot's trials, a verification or a developer's look need.</summary>
public sealed class Guest : IAsyncDisposable
{
    /// <summary>
    /// A guest answers the first command within a second of its ready line even under emulation on a loaded host; what
    /// takes 30 s has hung.
    /// </summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    private Guest(Machine machine, ISshSession session, TimeSpan bootTime)
    {
        Machine = machine;
        Session = session;
        BootTime = bootTime;
    }

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <summary>The connected session.</summary>
    public ISshSession Session { get; }

    /// <summary>From the start of QEMU to the end of the first SSH command.</summary>
    public TimeSpan BootTime { get; }

    /// <summary>Boots a guest and connects.</summary>
    /// <param name="context">What the run shares.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="shape">CPUs and memory.</param>
    /// <param name="directory">Where the console log goes.</param>
    /// <param name="cancellationToken">Ends the boot.</param>
    /// <exception cref="MachineEndedException">The guest crashed or hung at boot.</exception>
    /// <exception cref="InfrastructureException">The host or the connection failed.</exception>
    public static async Task<Guest> StartAsync(
        RunContext context,
        KernelBuild kernel,
        MachineShape shape,
        string directory,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(directory);
        Machine? machine = null;
        ISshSession? session = null;
        try
        {
            var watch = Stopwatch.StartNew();
            machine = await Machine.StartAsync(
                new MachineSpecification(
                    kernel.ImagePath,
                    [context.Image.InitrdPath, .. context.Overlays, context.Credentials.OverlayCpioPath],
                    shape.Cpus,
                    shape.MemoryBytes,
                    context.DiskTemplate,
                    context.Accelerator,
                    directory
                )
                {
                    RecordDirectory = OrphanReaper.RecordDirectory(context.Workspace),
                    DebugKernel = kernel.Flavour == KernelFlavour.Debug,
                    KernelArguments = context.KernelArguments,
                },
                cancellationToken
            );
            await machine.WaitReadyAsync(cancellationToken);
            session = context.Ssh.Create(
                new SshTarget(
                    machine.SshPort,
                    context.Credentials.PrivateKeyPath,
                    context.Credentials.KnownHostsPublicKey,
                    machine.SocketDirectory
                )
            );
            await session.ConnectAsync(ConnectLimit, cancellationToken);
            await session.RunAsync("true", ConnectLimit, cancellationToken);
            return new Guest(machine, session, watch.Elapsed);
        }
        catch
        {
            await CloseAsync(session, machine);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync(Session, Machine);

    private static async Task CloseAsync(ISshSession? session, Machine? machine)
    {
        if (session is not null)
        {
            await session.DisposeAsync();
        }

        if (machine is not null)
        {
            await machine.DisposeAsync();
        }
    }
}
