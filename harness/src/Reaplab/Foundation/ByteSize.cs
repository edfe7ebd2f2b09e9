// SPDX-License-Identifier: MIT

using System.Globalization;

namespace Reaplab.Foundation;

/// <summary>Sizes as people write them: "512MiB", "2GiB", "4096". Binary units only, so that nobody wonders.</summary>
public static class ByteSize
{
    private static readonly (string Suffix, long Factor)[] Units =
    [
        ("KiB", 1L << 10),
        ("MiB", 1L << 20),
        ("GiB", 1L << 30),
        ("B", 1),
        ("", 1),
    ];

    /// <summary>Parses a size; false where it is not one.</summary>
    /// <param name="text">E.g. "512MiB".</param>
    /// <param name="bytes">The size in bytes.</param>
    public static bool TryParse(string text, out long bytes)
    {
        foreach (var (suffix, factor) in Units)
        {
            if (
                text.EndsWith(suffix, StringComparison.Ordinal)
                && long.TryParse(text[..^suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count <= long.MaxValue / factor
            )
            {
                bytes = count * factor;
                return true;
            }
        }

        bytes = 0;
        return false;
    }

    /// <summary>Shortest exact spelling, e.g. "512MiB".</summary>
    /// <param name="bytes">A size in bytes.</param>
    public static string Format(long bytes)
    {
        var (suffix, factor) = Units
            .Where(unit => unit.Suffix.Length > 0 && bytes % unit.Factor == 0)
            .OrderByDescending(unit => unit.Factor)
            .First();
        return (bytes / factor).ToString(CultureInfo.InvariantCulture) + suffix;
    }
}
