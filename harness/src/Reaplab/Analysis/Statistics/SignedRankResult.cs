// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis.Statistics;

/// <summary>Outcome of <see cref="SignedRank.Test"/>.</summary>
/// <param name="Statistic">Sum of the ranks of the positive values (R calls it V).</param>
/// <param name="PValue">Two-sided p value, 0 to 1.</param>
/// <param name="Count">Values used: those that are not zero.</param>
/// <param name="IsExact">False when the normal approximation was used.</param>
public readonly record struct SignedRankResult(double Statistic, double PValue, int Count, bool IsExact);
