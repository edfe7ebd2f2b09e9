// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;

namespace Reaplab.Analysis;

/// <summary>What observing costs: trials with the observer against trials in which it slept, paired by block.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Measure">Process gone or reaping call: what needs no observer to be measured.</param>
/// <param name="Blocks">Blocks with trials of both kinds.</param>
/// <param name="Trials">Trials without the observer.</param>
/// <param name="Ratio">Duration with the observer divided by the duration without it.</param>
/// <param name="Interval">Its interval; null for one block.</param>
public sealed record ObserverCost(Cell Cell, Measure Measure, int Blocks, int Trials, double Ratio, Interval? Interval);
