// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;

namespace Reaplab.Analysis;

/// <summary>What a cell's trials say of one measure, in nanoseconds.</summary>
/// <param name="Sample">The values, grouped by block.</param>
/// <param name="Median">The median over all trials.</param>
/// <param name="MedianInterval">Bootstrap interval over blocks; null for a single block or a secondary measure.</param>
/// <param name="P99">The 99 % quantile; null below <see cref="AnalysisRules.LeastTrialsForP99"/> trials.</param>
/// <param name="P99Interval">Its bootstrap interval over blocks.</param>
/// <param name="Maximum">The longest: tails are the result, nothing is dropped.</param>
public sealed record Distribution(
    CensoredSample Sample,
    CensoredValue Median,
    CensoredInterval? MedianInterval,
    CensoredValue? P99,
    CensoredInterval? P99Interval,
    CensoredValue Maximum
)
{
    /// <summary>Number of trials.</summary>
    public int Count => Sample.Count;

    /// <summary>Trials that reached the point.</summary>
    public int KnownCount => Sample.KnownCount;

    /// <summary>Describes a sample; null when it is empty.</summary>
    /// <param name="sample">Values grouped by block.</param>
    /// <param name="seed">Seed of the bootstrap; null for no intervals.</param>
    public static Distribution? Of(CensoredSample sample, int? seed)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Count == 0)
        {
            return null;
        }

        var hasP99 = sample.Count >= AnalysisRules.LeastTrialsForP99;
        return new Distribution(
            sample,
            sample.Median(),
            Interval(0.5),
            hasP99 ? sample.Quantile(0.99) : null,
            hasP99 ? Interval(0.99) : null,
            sample.Maximum
        );

        CensoredInterval? Interval(double probability) =>
            seed is { } given ? Bootstrap.Quantile(sample, probability, AnalysisRules.Confidence, given) : null;
    }
}
