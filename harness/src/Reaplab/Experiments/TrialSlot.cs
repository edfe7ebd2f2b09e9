// SPDX-License-Identifier: MIT
namespace Reaplab.Experiments;

/// <summary>The place of one trial in its block.</summary>
/// <param name="Slot">Position in the block, from 1.</param>
/// <param name="Trial">Number within the cell, from 1, warm-up included.</param>
/// <param name="Warmup">True for the first of the cell after the boot: kept as a row, out of the statistics.</param>
/// <param name="Observer">False where the observer sleeps, which shows what observing costs.</param>
public sealed record TrialSlot(int Slot, int Trial, bool Warmup, bool Observer);
