// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>
/// A hash of what a kernel loads and runs: the allocated sections of its vmlinux, without notes (build identifiers) and
/// without the line numbers of the bug table, which move when a patch adds a comment. Two kernels with one signature
/// behave alike, so a series that changes nothing is found out.
/// </summary>
public static class ElfSignature
{
    private const int FileHeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const uint NoBits = 8;
    private const uint Note = 7;
    private const ulong Allocated = 2;

    /// <summary>
    /// struct bug_entry with relative pointers and CONFIG_DEBUG_BUGVERBOSE: address (4 bytes), file (4), line (2), flags (2).
    /// </summary>
    private const int BugEntrySize = 12;
    private const int BugLineOffset = 8;

    /// <summary>Computes the signature of a 64-bit little-endian ELF file.</summary>
    /// <param name="path">The file, e.g. a vmlinux.</param>
    /// <returns>SHA-256 in hexadecimal.</returns>
    /// <exception cref="InfrastructureException">It is no such file, or is cut short.</exception>
    public static string Compute(string path)
    {
        var file = File.ReadAllBytes(path);
        try
        {
            return Compute(file);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidDataException or OverflowException)
        {
            throw new InfrastructureException($"{path} is not a whole 64-bit little-endian ELF file", exception);
        }
    }

    private static string Compute(byte[] file)
    {
        ReadOnlySpan<byte> magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];
        if (file.Length < FileHeaderSize || !file.AsSpan(0, magic.Length).SequenceEqual(magic))
        {
            throw new InvalidDataException("no ELF header");
        }

        var table = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(40)));
        var entrySize = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(58));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(60));
        var namesIndex = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(62));
        var names = ReadSection(file, table + (namesIndex * entrySize));

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[24];
        for (var index = 0; index < count; index++)
        {
            var section = ReadSection(file, table + (index * entrySize));
            var name = ReadName(file, names, section.Name);
            if ((section.Flags & Allocated) == 0 || section.Type == Note || name == ".notes")
            {
                continue;
            }

            hash.AppendData(Encoding.ASCII.GetBytes(name));
            BinaryPrimitives.WriteUInt64LittleEndian(numbers, section.Flags);
            BinaryPrimitives.WriteUInt64LittleEndian(numbers[8..], section.Address);
            BinaryPrimitives.WriteUInt64LittleEndian(numbers[16..], section.Size);
            hash.AppendData(numbers);
            if (section.Type != NoBits)
            {
                var content = file.AsSpan(checked((int)section.Offset), checked((int)section.Size));
                hash.AppendData(name == "__bug_table" ? MaskLines(content) : content);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] MaskLines(ReadOnlySpan<byte> table)
    {
        var masked = table.ToArray();
        for (var entry = 0; entry + BugEntrySize <= masked.Length; entry += BugEntrySize)
        {
            masked.AsSpan(entry + BugLineOffset, 2).Clear();
        }

        return masked;
    }

    private static Section ReadSection(byte[] file, int at)
    {
        var entry = file.AsSpan(at, SectionHeaderSize);
        return new Section(
            BinaryPrimitives.ReadUInt32LittleEndian(entry),
            BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(entry[32..])
        );
    }

    private static string ReadName(byte[] file, Section names, uint offset)
    {
        var text = file.AsSpan(checked((int)(names.Offset + offset)));
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Section(uint Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size);
}
