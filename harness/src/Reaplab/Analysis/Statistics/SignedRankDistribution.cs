// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis.Statistics;

/// <summary>
/// Exact distribution of the sum of the ranks that carry a positive sign when every sign is a fair coin. Ranks may be tied
/// (halves): the sums are counted in half ranks, which keeps ties exact.
/// </summary>
public sealed class SignedRankDistribution
{
    private readonly double[] _cumulative;

    /// <summary>Distribution for the given ranks.</summary>
    /// <param name="ranks">Ranks 1..n, or midranks (multiples of one half) where absolute values tie.</param>
    public SignedRankDistribution(IReadOnlyList<double> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        var halves = ranks.Select(rank => (int)Math.Round(rank * 2)).ToArray();
        var mass = new double[halves.Sum() + 1];
        mass[0] = 1;
        var reach = 0;
        foreach (var half in halves)
        {
            reach += half;
            for (var sum = reach; sum >= 0; sum--)
            {
                mass[sum] = (mass[sum] + (sum >= half ? mass[sum - half] : 0)) / 2;
            }
        }

        _cumulative = mass;
        for (var sum = 1; sum < mass.Length; sum++)
        {
            _cumulative[sum] += _cumulative[sum - 1];
        }
    }

    /// <summary>Distribution for n untied values.</summary>
    public static SignedRankDistribution Untied(int count) =>
        new(Enumerable.Range(1, count).Select(rank => (double)rank).ToArray());

    /// <summary>Probability that the sum is at most <paramref name="sum"/>.</summary>
    public double AtMost(double sum)
    {
        var index = (int)Math.Floor((sum * 2) + 1e-9);
        return index < 0 ? 0 : _cumulative[Math.Min(index, _cumulative.Length - 1)];
    }

    /// <summary>Probability that the sum is at least <paramref name="sum"/>.</summary>
    public double AtLeast(double sum)
    {
        var index = (int)Math.Ceiling((sum * 2) - 1e-9);
        return index <= 0 ? 1 : 1 - _cumulative[Math.Min(index - 1, _cumulative.Length - 1)];
    }
}
