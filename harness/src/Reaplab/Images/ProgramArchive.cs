// SPDX-License-Identifier: MIT

using Reaplab.Kernels;

namespace Reaplab.Images;

/// <summary>Packs programs into an archive of their own that is unpacked over the guest image: only boots that need them carry them.</summary>
public static class ProgramArchive
{
    /// <summary>Where the kernel's own selftests lie in a guest.</summary>
    public const string KernelSelftestFolder = "/reaplab/kernel-selftests";

    private const uint ProgramMode = 0x1ed; // 0755

    /// <summary>Packs the kernel's own selftests.</summary>
    /// <param name="selftests">The programs.</param>
    /// <param name="file">The archive, replaced if it exists.</param>
    public static void Create(KernelSelftests selftests, string file)
    {
        ArgumentNullException.ThrowIfNull(selftests);
        using var output = File.Create(file);
        using var cpio = new CpioWriter(output);
        foreach (var program in selftests.Programs)
        {
            cpio.AddFile(
                $"{KernelSelftestFolder}/{program}",
                ProgramMode,
                File.ReadAllBytes(Path.Combine(selftests.Folder, program))
            );
        }
    }
}
