// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Machines;

/// <summary>The files of one machine. Sockets live in a short folder of their own: their paths are limited to 107 bytes.</summary>
/// <param name="SocketDirectory">The short folder, removed with the machine.</param>
/// <param name="Console">The console's log, kept.</param>
internal sealed record MachineFiles(string SocketDirectory, string Console)
{
    /// <summary>Unix sockets' paths end at 107 bytes; ours add a name and ssh adds 17 of its own while it connects.</summary>
    private const int LongestDirectory = 80;

    /// <summary>QEMU's control socket.</summary>
    public string QmpSocket => Path.Combine(SocketDirectory, "qmp");

    /// <summary>The parts of the initial file system as one file.</summary>
    public string Initrd => Path.Combine(SocketDirectory, "initrd");

    /// <summary>Makes the short folder, readable by this user alone.</summary>
    /// <exception cref="InfrastructureException">The temporary folder's own path is too long.</exception>
    public static string CreateSocketDirectory()
    {
        var folder = Directory.CreateTempSubdirectory("reaplab-").FullName;
        if (folder.Length > LongestDirectory)
        {
            Directory.Delete(folder);
            throw new InfrastructureException(
                $"the temporary folder {Path.GetTempPath()} has too long a path for sockets; set TMPDIR to a shorter one"
            );
        }

        return folder;
    }
}
