// SPDX-License-Identifier: MIT
using MathNet.Numerics.Distributions;

namespace Reaplab.Analysis.Statistics;

/// <summary>Wilson's score interval for a rate, which stays honest at 0 of n and n of n.</summary>
public static class Wilson
{
    /// <summary>Interval for the rate behind a count.</summary>
    /// <param name="count">How many of the trials had the property.</param>
    /// <param name="total">Trials.</param>
    /// <param name="confidence">Confidence, 0 to 1.</param>
    /// <returns>Rates between 0 and 1; the whole of it for no trials.</returns>
    public static Interval ConfidenceInterval(int count, int total, double confidence)
    {
        if (total == 0)
        {
            return new Interval(0, 1, confidence);
        }

        var z = Normal.InvCDF(0, 1, 1 - ((1 - confidence) / 2));
        var rate = (double)count / total;
        var weight = z * z / total;
        var centre = (rate + (weight / 2)) / (1 + weight);
        var half = z * Math.Sqrt((rate * (1 - rate) / total) + (weight / (4 * total))) / (1 + weight);
        return new Interval(Math.Max(0, centre - half), Math.Min(1, centre + half), confidence);
    }
}
