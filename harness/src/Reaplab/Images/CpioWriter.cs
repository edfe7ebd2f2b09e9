// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace Reaplab.Images;

/// <summary>
/// Writes a cpio archive in the "newc" form the kernel unpacks. Written here because the cpio tool takes device nodes and
/// owners from real files, which only root can make, and times and inode numbers, which differ from host to host.
/// </summary>
/// <param name="output">Where the archive goes; stays open.</param>
public sealed class CpioWriter(Stream output) : IDisposable
{
    private const uint Folder = 0x4000;
    private const uint Character = 0x2000;
    private const uint Regular = 0x8000;
    private const uint SymbolicLink = 0xa000;

    /// <summary>The kernel's unpacker reads the next archive from the next multiple of four; disks and tools like 512.</summary>
    private const int ArchiveAlignment = 512;

    private readonly HashSet<string> folders = new(StringComparer.Ordinal);
    private uint inode;
    private long written;
    private bool ended;

    /// <summary>Adds a folder and, with mode 0755, those above it that are not there yet.</summary>
    /// <param name="path">Path in the guest, from "/".</param>
    /// <param name="mode">Permissions.</param>
    public void AddDirectory(string path, uint mode = 0x1ed)
    {
        if (Trim(path).Length > 0 && folders.Add(Trim(path)))
        {
            AddParents(path);
            Add(path, Folder | mode, [], 0, 0);
        }
    }

    /// <summary>Adds a file.</summary>
    /// <param name="path">Path in the guest.</param>
    /// <param name="mode">Permissions.</param>
    /// <param name="content">Its content.</param>
    public void AddFile(string path, uint mode, ReadOnlySpan<byte> content)
    {
        AddParents(path);
        Add(path, Regular | mode, content, 0, 0);
    }

    /// <summary>Adds a symbolic link.</summary>
    /// <param name="path">Path in the guest.</param>
    /// <param name="target">What it points at.</param>
    public void AddLink(string path, string target)
    {
        AddParents(path);
        Add(path, SymbolicLink | 0x1ff, Encoding.UTF8.GetBytes(target), 0, 0);
    }

    /// <summary>Adds a character device.</summary>
    /// <param name="path">Path in the guest.</param>
    /// <param name="mode">Permissions.</param>
    /// <param name="major">Major number.</param>
    /// <param name="minor">Minor number.</param>
    public void AddDevice(string path, uint mode, uint major, uint minor)
    {
        AddParents(path);
        Add(path, Character | mode, [], major, minor);
    }

    /// <summary>Writes the trailer; the archive is not whole before.</summary>
    public void Dispose()
    {
        if (ended)
        {
            return;
        }

        ended = true;
        WriteEntry("TRAILER!!!", 0, 0, [], 0, 0);
        Pad(ArchiveAlignment);
    }

    private static string Trim(string path) => path.Trim('/');

    private void AddParents(string path)
    {
        var slash = Trim(path).LastIndexOf('/');
        if (slash > 0)
        {
            AddDirectory(Trim(path)[..slash]);
        }
    }

    private void Add(string path, uint mode, ReadOnlySpan<byte> content, uint major, uint minor) =>
        WriteEntry(Trim(path), ++inode, mode, content, major, minor);

    private void WriteEntry(string name, uint number, uint mode, ReadOnlySpan<byte> content, uint major, uint minor)
    {
        var nameBytes = Encoding.UTF8.GetBytes(name);
        uint links = (mode & 0xf000) == Folder ? 2u : 1u;
        uint[] fields =
        [
            number,
            mode,
            0,
            0,
            links,
            0,
            (uint)content.Length,
            0,
            0,
            major,
            minor,
            (uint)nameBytes.Length + 1,
            0,
        ];
        var header = new StringBuilder("070701");
        foreach (var field in fields)
        {
            header.Append(field.ToString("x8", CultureInfo.InvariantCulture));
        }

        Write(Encoding.ASCII.GetBytes(header.ToString()));
        Write(nameBytes);
        Write([0]);
        Pad(4);
        Write(content);
        Pad(4);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        written += bytes.Length;
    }

    private void Pad(int alignment)
    {
        Span<byte> zeros = stackalloc byte[ArchiveAlignment];
        zeros.Clear();
        Write(zeros[..(int)((alignment - (written % alignment)) % alignment)]);
    }
}
