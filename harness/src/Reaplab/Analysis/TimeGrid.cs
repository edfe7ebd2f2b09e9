// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;

namespace Reaplab.Analysis;

/// <summary>The span of time a scenario's curves are drawn over.</summary>
/// <param name="LowNs">Start, nanoseconds; 0 on a linear scale.</param>
/// <param name="HighNs">End, nanoseconds.</param>
/// <param name="IsLogarithmic">True where the cells differ so much that a linear scale would flatten most of them.</param>
public sealed record TimeGrid(double LowNs, double HighNs, bool IsLogarithmic)
{
    /// <summary>On a linear scale a cell ten times as fast as the slowest is squeezed into a tenth of the width.</summary>
    private const double WidestLinear = 10;

    /// <summary>The observer sleeps a millisecond between samples: nothing is known below a tenth of that.</summary>
    private const double Shortest = 1e5;

    /// <summary>The span of the distributions of one measure; null when there is nothing to draw.</summary>
    public static TimeGrid? For(ScenarioAnalysis scenario, Measure measure)
    {
        var samples = Samples(scenario, measure);
        return samples.Count == 0
            ? null
            : Between(samples.Min(sample => sample.Quantile(0).Value), samples.Max(sample => sample.Maximum.Value));
    }

    /// <summary>The span from the first memory freed to the last cell's end; null when there is nothing to draw.</summary>
    public static TimeGrid? ForMemory(ScenarioAnalysis scenario)
    {
        var first = Samples(scenario, Measure.MemoryFirst);
        var last = Samples(scenario, Measure.MemoryGone);
        return first.Count == 0 || last.Count == 0
            ? null
            : Between(
                first.Min(sample => sample.Median().Value),
                Math.Max(
                    last.Max(sample => sample.Maximum.Value),
                    Samples(scenario, Measure.MemoryEnd).Select(sample => sample.Median().Value).DefaultIfEmpty().Max()
                ),
                last.Max(sample => sample.Median().Value) / last.Min(sample => sample.Median().Value)
            );
    }

    /// <summary>Times spread evenly over the span as it is drawn, both ends included.</summary>
    /// <param name="count">At least 2.</param>
    public double[] Points(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(index => (double)index / (count - 1))
                .Select(share =>
                    IsLogarithmic ? LowNs * Math.Pow(HighNs / LowNs, share) : LowNs + ((HighNs - LowNs) * share)
                ),
        ];

    private static List<CensoredSample> Samples(ScenarioAnalysis scenario, Measure measure)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return
        [
            .. scenario
                .Cells.Select(cell => cell.Distributions.GetValueOrDefault(measure)?.Sample)
                .OfType<CensoredSample>(),
        ];
    }

    private static TimeGrid Between(double shortest, double longest, double? contrast = null)
    {
        var low = Math.Max(Shortest, shortest);
        var high = Math.Max(low * 1.5, longest);
        return (contrast ?? (high / low)) > WidestLinear
            ? new TimeGrid(low / 2, high * 1.05, IsLogarithmic: true)
            : new TimeGrid(0, high * 1.05, IsLogarithmic: false);
    }
}
