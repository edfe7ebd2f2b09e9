// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis.Statistics;

/// <summary>
/// Durations of one cell, some known only to exceed a limit, sorted once so that quantiles and resampling are cheap.
/// </summary>
/// <remarks>
/// A quantile is taken between order statistics (type 7, as R's default). It is known only while both neighbours are
/// shorter than the shortest limit at which a censored trial stopped waiting: from there on the order itself is unknown,
/// and the quantile is reported as beyond that limit. Censored values are never averaged in.
/// </remarks>
public sealed class CensoredSample
{
    private readonly double[] _sorted;
    private readonly int[] _groups;
    private readonly int[] _groupSizes;
    private readonly int _known;

    private CensoredSample(double[] sorted, int[] groups, int known, double limit, int groupCount)
    {
        _sorted = sorted;
        _groups = groups;
        _known = known;
        Limit = limit;
        _groupSizes = new int[groupCount];
        foreach (var group in groups)
        {
            _groupSizes[group]++;
        }
    }

    /// <summary>Number of values, censored ones included.</summary>
    public int Count => _sorted.Length;

    /// <summary>Number of values that are known, i.e. shorter than <see cref="Limit"/>.</summary>
    public int KnownCount => _known;

    /// <summary>The known values, ascending.</summary>
    public ReadOnlySpan<double> Known => _sorted.AsSpan(0, _known);

    /// <summary>The shortest limit of a censored value; positive infinity when none is censored.</summary>
    public double Limit { get; }

    /// <summary>Number of groups (blocks) the values came from.</summary>
    public int GroupCount => _groupSizes.Length;

    /// <summary>The largest value; beyond the limit when any value is censored.</summary>
    /// <exception cref="InvalidOperationException">The sample is empty.</exception>
    public CensoredValue Maximum => Quantile(1);

    /// <summary>Builds a sample of values that belong to no group.</summary>
    public static CensoredSample Create(IReadOnlyCollection<CensoredValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return CreateGrouped([values]);
    }

    /// <summary>Builds a sample from the values of several groups, which <see cref="Bootstrap"/> then resamples.</summary>
    /// <param name="groups">The values of each group (block); empty groups are left out.</param>
    public static CensoredSample CreateGrouped(IEnumerable<IReadOnlyCollection<CensoredValue>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var filled = groups.Where(values => values.Count > 0).ToList();
        var tagged = filled.SelectMany((values, group) => values.Select(value => (value, group))).ToList();
        var limit = tagged
            .Where(entry => entry.value.IsCensored)
            .Select(entry => entry.value.Value)
            .DefaultIfEmpty(double.PositiveInfinity)
            .Min();

        // A value that was reached only after the shortest limit has no known rank either: another trial was not waited
        // for as long. Both are capped, and sort behind everything that is known.
        bool IsKnown(CensoredValue value) => !value.IsCensored && value.Value <= limit;
        var ordered = tagged
            .OrderBy(entry => IsKnown(entry.value) ? 0 : 1)
            .ThenBy(entry => IsKnown(entry.value) ? entry.value.Value : limit)
            .ThenBy(entry => entry.group)
            .ToList();
        return new CensoredSample(
            ordered.Select(entry => IsKnown(entry.value) ? entry.value.Value : limit).ToArray(),
            ordered.Select(entry => entry.group).ToArray(),
            ordered.Count(entry => IsKnown(entry.value)),
            limit,
            filled.Count
        );
    }

    /// <summary>The median; beyond the limit when half of the values or more are censored.</summary>
    /// <exception cref="InvalidOperationException">The sample is empty.</exception>
    public CensoredValue Median() => Quantile(0.5);

    /// <summary>The quantile of <paramref name="probability"/>, 0 to 1.</summary>
    /// <exception cref="InvalidOperationException">The sample is empty.</exception>
    public CensoredValue Quantile(double probability)
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("A quantile needs at least one value.");
        }

        var (lower, upper, share) = Position(Count, probability);
        return upper < _known
            ? CensoredValue.Reached(Between(_sorted[lower], _sorted[upper], share))
            : CensoredValue.Beyond(Limit);
    }

    /// <summary>The quantile when every value counts as often as its group was drawn.</summary>
    /// <param name="probability">0 to 1.</param>
    /// <param name="draws">How often each group was drawn; the draws must hold at least one value.</param>
    internal CensoredValue Quantile(double probability, ReadOnlySpan<int> draws)
    {
        var total = 0;
        for (var group = 0; group < _groupSizes.Length; group++)
        {
            total += draws[group] * _groupSizes[group];
        }

        var (lower, upper, share) = Position(total, probability);
        var seen = 0;
        var low = double.NaN;
        for (var i = 0; i < _known; i++)
        {
            seen += draws[_groups[i]];
            if (double.IsNaN(low) && seen > lower)
            {
                low = _sorted[i];
            }

            if (seen > upper)
            {
                return CensoredValue.Reached(Between(low, _sorted[i], share));
            }
        }

        return CensoredValue.Beyond(Limit);
    }

    private static (int Lower, int Upper, double Share) Position(int count, double probability)
    {
        var position = (count - 1) * probability;
        var lower = (int)Math.Floor(position);
        var share = position - lower;
        return (lower, share > 0 ? lower + 1 : lower, share);
    }

    private static double Between(double low, double high, double share) => low + ((high - low) * share);
}
