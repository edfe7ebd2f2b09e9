// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis.Statistics;

/// <summary>Holm's correction for asking several questions of one set of data.</summary>
public static class Holm
{
    /// <summary>Adjusted p values, in the order given.</summary>
    /// <param name="pValues">One p value per question of the family.</param>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        var rank = 0;
        foreach (var index in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]))
        {
            // A later p value is never adjusted below an earlier one.
            largest = Math.Max(largest, Math.Min(1, pValues[index] * (pValues.Count - rank)));
            adjusted[index] = largest;
            rank++;
        }

        return adjusted;
    }
}
