// SPDX-License-Identifier: MIT
using Perfolizer;
using Perfolizer.Mathematics.GenericEstimators;

namespace Reaplab.Analysis.Statistics;

/// <summary>
/// One-sample Hodges-Lehmann estimate of the centre (median of the means of all pairs) with the interval that belongs to
/// the signed rank test. Needs no normal distribution, and one wild block of ten moves it little.
/// </summary>
public static class HodgesLehmann
{
    /// <summary>The estimate.</summary>
    /// <param name="values">At least one finite value.</param>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public static double Estimate(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count == 0
            ? throw new InvalidOperationException("A Hodges-Lehmann estimate needs at least one value.")
            : HodgesLehmannEstimator.Instance.Median(new Sample(values.ToArray()));
    }

    /// <summary>The exact interval.</summary>
    /// <param name="values">Finite values, one per block.</param>
    /// <param name="confidence">Confidence asked for, 0 to 1.</param>
    /// <returns>
    /// The shortest interval that reaches the confidence. Five values or fewer cannot reach 95 %: then the interval is the
    /// whole range, with the confidence that has (75 % for three values). Null for fewer than two values. Ties make the
    /// interval a little longer than it need be, never shorter.
    /// </returns>
    public static Interval? ConfidenceInterval(IReadOnlyList<double> values, double confidence)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < 2)
        {
            return null;
        }

        var distribution = SignedRankDistribution.Untied(values.Count);
        var means = WalshAverages(values);
        var tail = (1 - confidence) / 2;
        var outside = 0;
        while (outside < means.Length / 2 && distribution.AtMost(outside) <= tail)
        {
            outside++;
        }

        // `outside` averages are cut at each end. With none cut the whole range is reported.
        var cut = Math.Max(0, outside - 1);
        var reached = 1 - (2 * distribution.AtMost(cut));
        return new Interval(means[cut], means[^(cut + 1)], reached);
    }

    private static double[] WalshAverages(IReadOnlyList<double> values)
    {
        var means = new double[values.Count * (values.Count + 1) / 2];
        var next = 0;
        for (var i = 0; i < values.Count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                means[next++] = (values[i] + values[j]) / 2;
            }
        }

        Array.Sort(means);
        return means;
    }
}
