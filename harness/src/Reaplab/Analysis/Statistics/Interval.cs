// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace Reaplab.Analysis.Statistics;

/// <summary>A confidence interval, both ends included.</summary>
/// <param name="Low">Lower end; negative infinity where the data give no lower bound.</param>
/// <param name="High">Upper end; positive infinity where the data give no upper bound.</param>
/// <param name="Confidence">
/// Confidence actually reached, 0 to 1. Exact methods on few values cannot always reach the level that was asked for, and
/// then say so here instead of pretending.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Interval(double Low, double High, double Confidence)
{
    /// <summary>Applies an increasing function to both ends.</summary>
    /// <param name="map">An increasing function, for example the exponential of a log ratio.</param>
    public Interval Map(Func<double, double> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return this with { Low = map(Low), High = map(High) };
    }

    /// <summary>True when both ends lie between the two bounds, bounds included.</summary>
    public bool IsInside(double low, double high) => Low >= low && High <= high;
}
