// SPDX-License-Identifier: MIT

using System.Globalization;

namespace Reaplab.Foundation;

/// <summary>Times as people write them: "2s", "300ms", "1.5s", "10min".</summary>
public static class Duration
{
    private static readonly (string Suffix, double Seconds)[] Units =
    [
        ("ms", 1e-3),
        ("us", 1e-6),
        ("min", 60),
        ("s", 1),
    ];

    /// <summary>Parses a time; false where it is not one.</summary>
    /// <param name="text">E.g. "300ms".</param>
    /// <param name="duration">The time.</param>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        foreach (var (suffix, seconds) in Units)
        {
            if (
                text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(
                    text[..^suffix.Length],
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var count
                )
            )
            {
                duration = TimeSpan.FromSeconds(count * seconds);
                return true;
            }
        }

        duration = default;
        return false;
    }

    /// <summary>The time in nanoseconds, the unit of every column.</summary>
    /// <param name="duration">A time.</param>
    public static long ToNanoseconds(TimeSpan duration) => duration.Ticks * 100;
}
