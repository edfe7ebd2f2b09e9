// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>A guest to boot.</summary>
/// <param name="KernelImage">The bzImage.</param>
/// <param name="Initrds">Parts of the initial file system, concatenated in this order; the later wins.</param>
/// <param name="Cpus">Virtual CPUs.</param>
/// <param name="MemoryBytes">Guest memory, a multiple of 1 MiB.</param>
/// <param name="DiskImage">A raw image that becomes /dev/vda, or null. It is only read: what the guest writes is gone with the machine.</param>
/// <param name="Accelerator">The accelerator, as <see cref="AcceleratorProbe"/> decided.</param>
/// <param name="Directory">Where console.log and qemu.txt (version and command line) are written; created if missing.</param>
public sealed record MachineSpecification(
    string KernelImage,
    IReadOnlyList<string> Initrds,
    int Cpus,
    long MemoryBytes,
    string? DiskImage,
    Accelerator Accelerator,
    string Directory
)
{
    /// <summary>
    /// Folder of the records by which <see cref="OrphanReaper"/> finds machines whose harness was killed; see
    /// <see cref="OrphanReaper.RecordDirectory"/>.
    /// </summary>
    public required string RecordDirectory { get; init; }

    /// <summary>QEMU's program, a name in PATH or a path.</summary>
    public string Qemu { get; init; } = "qemu-system-x86_64";

    /// <summary>The machine model; null takes microvm where this QEMU has it, else q35.</summary>
    public MachineType? Type { get; init; }

    /// <summary>Words added to the end of the kernel's command line.</summary>
    public IReadOnlyList<string> KernelArguments { get; init; } = [];

    /// <summary>True for the debug flavour, whose KASAN and lockdep make everything several times slower.</summary>
    public bool DebugKernel { get; init; }

    /// <summary>True to have all of the kernel's messages on the console, not only warnings and worse.</summary>
    public bool Verbose { get; init; }

    /// <summary>The monitor's limits; null takes <see cref="MachineLimits.For"/>.</summary>
    public MachineLimits? Limits { get; init; }
}
