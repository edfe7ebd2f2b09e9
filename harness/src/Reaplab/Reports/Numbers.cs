// SPDX-License-Identifier: MIT
using System.Globalization;

namespace Reaplab.Reports;

/// <summary>Numbers as text, in the invariant culture only.</summary>
internal static class Numbers
{
    /// <summary>Three significant digits without an exponent: 0.0513, 1.04, 41.2, 1640.</summary>
    public static string Significant(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value == 0 ? "0" : value.ToString(CultureInfo.InvariantCulture);
        }

        // Rounded first, so that 9.996 becomes 10.0 and not 10.00.
        var magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        var rounded = Math.Round(value * Math.Pow(10, 2 - magnitude)) / Math.Pow(10, 2 - magnitude);
        var digits = 2 - (int)Math.Floor(Math.Log10(Math.Abs(rounded)) + 1e-12);
        return Fixed(rounded, Math.Clamp(digits, 0, 9));
    }

    /// <summary>A given number of decimals.</summary>
    public static string Fixed(double value, int decimals)
    {
        var text = value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.StartsWith('-') && text.All(c => c is '-' or '0' or '.') ? text[1..] : text;
    }

    /// <summary>No decimals.</summary>
    public static string Whole(double value) => Fixed(value, 0);
}
