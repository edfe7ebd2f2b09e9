// SPDX-License-Identifier: MIT
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Reaplab.Analysis.Statistics;

/// <summary>Wilcoxon's signed rank test of one sample against zero.</summary>
public static class SignedRank
{
    /// <summary>
    /// Up to here the exact distribution is used: its table has a few thousand entries and takes microseconds. Beyond, the
    /// normal approximation is right to more digits than anybody prints.
    /// </summary>
    private const int LargestExact = 100;

    /// <summary>Two-sided test that the values are symmetric about zero.</summary>
    /// <param name="values">For example a log ratio per block. Zeroes carry no sign and are left out, as R does.</param>
    /// <returns>Statistic, p value and the number of values used; p is 1 when no value is left.</returns>
    public static SignedRankResult Test(IEnumerable<double> values)
    {
        var signed = values.Where(value => value != 0).ToArray();
        if (signed.Length == 0)
        {
            return new SignedRankResult(Statistic: 0, PValue: 1, Count: 0, IsExact: true);
        }

        // Tied values share the mean of their ranks (MathNet's default).
        var ranks = signed.Select(Math.Abs).ToArray().Ranks();
        var statistic = signed.Zip(ranks).Where(pair => pair.First > 0).Sum(pair => pair.Second);
        var isExact = signed.Length <= LargestExact;
        var p = isExact ? ExactPValue(ranks, statistic) : NormalPValue(ranks, statistic);
        return new SignedRankResult(statistic, Math.Min(1, p), signed.Length, isExact);
    }

    private static double ExactPValue(double[] ranks, double statistic)
    {
        var distribution = new SignedRankDistribution(ranks);
        return 2 * Math.Min(distribution.AtMost(statistic), distribution.AtLeast(statistic));
    }

    private static double NormalPValue(double[] ranks, double statistic)
    {
        // A quarter of the sum of squared ranks is the variance, tied or not; one half is the continuity correction.
        var distance = Math.Max(0, Math.Abs(statistic - (ranks.Sum() / 2)) - 0.5);
        var deviation = Math.Sqrt(ranks.Sum(rank => rank * rank)) / 2;
        return 2 * Normal.CDF(0, 1, -distance / deviation);
    }
}
