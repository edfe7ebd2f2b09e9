// SPDX-License-Identifier: MIT
using Reaplab.Analysis;

namespace Reaplab.Reports;

/// <summary>The span of a logarithmic axis that holds some ratios, their intervals, the margin and 1.</summary>
internal static class RatioSpan
{
    /// <summary>Whole decades at ends that are far from 1, so that the axis reads 0.01, 0.1, 1; halves near it.</summary>
    public static (double Low, double High) Of(IEnumerable<Contrast> contrasts, double margin)
    {
        var low = 1 / margin;
        var high = margin;
        foreach (var contrast in contrasts.Where(contrast => contrast.Bound != RatioBound.Unknown))
        {
            low = Math.Min(low, IntervalEnds.Low(contrast));
            high = Math.Max(high, IntervalEnds.High(contrast));
        }

        return (1 / Outwards(1 / low), Outwards(high));
    }

    private static double Outwards(double ratio) =>
        new[] { 1.2, 1.5, 2, 3, 5 }
            .Where(end => ratio <= end)
            .FirstOrDefault(Math.Pow(10, Math.Ceiling(Math.Log10(ratio))));
}
