// SPDX-License-Identifier: MIT
namespace Reaplab.Reports;

/// <summary>
/// Noted values as text: times and sizes are noted in ns and bytes, and read in what the rest of a report has; of anything
/// else the unit stays.
/// </summary>
internal static class NotedUnit
{
    private const double NsPerMs = 1e6;

    private const double BytesPerMiB = 1 << 20;

    public static string Shown(string unit) =>
        unit switch
        {
            "ns" => "ms",
            "bytes" => "MiB",
            "bool" => "1 = yes",
            _ => unit,
        };

    public static string Value(double value, string unit) =>
        unit switch
        {
            "ns" => Numbers.Significant(value / NsPerMs),
            "bytes" => Numbers.Significant(value / BytesPerMiB),
            _ when double.IsInteger(value) => Numbers.Whole(value),
            _ => Numbers.Significant(value),
        };
}
