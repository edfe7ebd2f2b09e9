// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>How much of what the victim held is still held, over time, over the trials of one cell.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Trials">Trials it rests on.</param>
/// <param name="TimesNs">Times since the kill, nanoseconds.</param>
/// <param name="Median">Share still held, 0 to 1, at each time.</param>
/// <param name="Low">The share that a tenth of the trials is below.</param>
/// <param name="High">The share that a tenth of the trials is above.</param>
public sealed record MemoryCurve(
    Cell Cell,
    int Trials,
    IReadOnlyList<double> TimesNs,
    IReadOnlyList<double> Median,
    IReadOnlyList<double> Low,
    IReadOnlyList<double> High
);
