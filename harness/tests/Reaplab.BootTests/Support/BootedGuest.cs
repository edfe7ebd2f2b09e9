// SPDX-License-Identifier: MIT

using Reaplab.Machines;
using Reaplab.Ssh;

namespace Reaplab.BootTests.Support;

/// <summary>A guest that is up, for the tests of one class.</summary>
public sealed class BootedGuest : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-boot-").FullName;

    public GuestParts Parts { get; private set; } = null!;

    public Machine Machine { get; private set; } = null!;

    public SshTarget Target => new(Machine.SshPort, Parts.PrivateKeyPath, Parts.HostPublicKey, Machine.SocketDirectory);

    /// <summary>The usual guest of two CPUs; emulated, so that every host runs the same test.</summary>
    public static MachineSpecification Specify(GuestParts parts, string directory) =>
        new(
            parts.KernelImage,
            parts.Initrds,
            Cpus: 2,
            MemoryBytes: 512L << 20,
            DiskImage: null,
            Accelerator.Tcg,
            directory
        )
        {
            RecordDirectory = Path.Combine(directory, "records"),
        };

    public async ValueTask InitializeAsync()
    {
        Parts = await GuestParts.GetAsync();
        Machine = await Machine.StartAsync(Specify(Parts, folder), CancellationToken.None);
        await Machine.WaitReadyAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (Machine is not null)
        {
            await Machine.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
