// SPDX-License-Identifier: MIT
using Reaplab.Analysis;

namespace Reaplab.Reports.Sections;

/// <summary>The head of a column of ratio intervals: it names the confidence that the number of blocks allows.</summary>
internal static class IntervalHead
{
    public static string Of(IEnumerable<Contrast> contrasts)
    {
        var reached = contrasts
            .Select(contrast => contrast.Interval?.Confidence)
            .OfType<double>()
            .Select(confidence => Math.Min(confidence, AnalysisRules.Confidence))
            .ToList();
        if (reached.Count == 0)
        {
            return "interval";
        }

        // An exact 93.75 % is not rounded up to what was asked for.
        var (low, high) = (Math.Floor(reached.Min() * 100), Math.Floor(reached.Max() * 100));
        return low == high
            ? $"[{Numbers.Whole(low)} % interval]"
            : $"[{Numbers.Whole(low)} to {Numbers.Whole(high)} % interval]";
    }
}
