// SPDX-License-Identifier: MIT
using Reaplab.Experiments;

namespace Reaplab.Trials;

/// <summary>The trials of a boot in order, with what a crash changes about the rest.</summary>
internal sealed class TrialQueue
{
    /// <summary>A kernel that crashed three times in a cell will do so again; the cell is closed as crash.</summary>
    private const int CrashesPerCell = 3;

    private readonly Queue<(Cell Cell, TrialSlot Slot)> pending;
    private readonly Dictionary<Cell, int> crashes = new(ReferenceEqualityComparer.Instance);
    private bool freshBoot;

    internal TrialQueue(Boot boot) =>
        pending = new(boot.Cells.SelectMany(cell => cell.Trials.Select(slot => (cell, slot))));

    internal bool IsEmpty => pending.Count == 0;

    internal int Count => pending.Count;

    internal Cell Cell => pending.Peek().Cell;

    internal TrialSlot Slot => pending.Peek().Slot;

    /// <summary>The first trial of a cell after a boot warms up, whether the plan or a crash made it the first.</summary>
    internal bool Warmup => Slot.Warmup || freshBoot;

    internal void NoteBoot() => freshBoot = true;

    internal void Advance()
    {
        freshBoot = false;
        pending.Dequeue();
    }

    /// <summary>Counts a crash in the current cell; true if that closes the cell.</summary>
    internal bool NoteCrash() => (crashes[Cell] = crashes.GetValueOrDefault(Cell) + 1) >= CrashesPerCell;

    /// <summary>Takes the rest of the current cell.</summary>
    internal IReadOnlyList<(Cell Cell, TrialSlot Slot)> TakeCell()
    {
        var cell = Cell;
        var taken = new List<(Cell Cell, TrialSlot Slot)>();
        while (pending.Count > 0 && ReferenceEquals(pending.Peek().Cell, cell))
        {
            taken.Add(pending.Dequeue());
        }

        return taken;
    }
}
