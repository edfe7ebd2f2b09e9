// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>The rows of a run by cell and block, with the rule of which ones count.</summary>
internal sealed class TrialTable
{
    private readonly Dictionary<string, ScenarioManifest> _scenarios;
    private readonly Dictionary<Cell, List<TrialRecord>> _rows;

    public TrialTable(RunData data)
    {
        _scenarios = data.Manifest.Scenarios.ToDictionary(scenario => scenario.Name);
        _rows = data
            .Trials.GroupBy(row => new Cell(row.Approach, row.Method, row.Scenario))
            .ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <summary>Every cell that has a row.</summary>
    public IEnumerable<Cell> Cells => _rows.Keys;

    /// <summary>All rows of a cell.</summary>
    public IReadOnlyList<TrialRecord> Rows(Cell cell) => _rows.TryGetValue(cell, out var rows) ? rows : [];

    /// <summary>
    /// True for a row of the statistics: not warm-up, observed, and with an outcome that says something of the memory. A
    /// pressure trial also needs pressure, or it says nothing of the killer.
    /// </summary>
    public bool Counts(TrialRecord row) =>
        row is { Warmup: false, Observer: true, Outcome: TrialOutcome.Freed or TrialOutcome.NotFreed }
        && !LacksPressure(row);

    /// <summary>True for a pressure trial in whose window nobody reclaimed or stalled.</summary>
    public bool LacksPressure(TrialRecord row) =>
        _scenarios.TryGetValue(row.Scenario, out var scenario)
        && scenario.Decides
        && (row.Allocstall ?? 0) <= 0
        && (row.PgscanDirect ?? 0) <= 0;

    /// <summary>The cell's rows of the statistics.</summary>
    public IEnumerable<TrialRecord> Counted(Cell cell) => Rows(cell).Where(Counts);

    /// <summary>Values of a measure by block, in the order of blocks.</summary>
    public SortedDictionary<int, List<CensoredValue>> ByBlock(Cell cell, Measure measure) =>
        ByBlock(Counted(cell), measure);

    /// <summary>Values of a measure of some rows by block, in the order of blocks.</summary>
    public static SortedDictionary<int, List<CensoredValue>> ByBlock(IEnumerable<TrialRecord> rows, Measure measure)
    {
        var blocks = new SortedDictionary<int, List<CensoredValue>>();
        foreach (var row in rows)
        {
            if (measure.Of(row) is not { } value)
            {
                continue;
            }

            if (!blocks.TryGetValue(row.Block, out var values))
            {
                blocks[row.Block] = values = [];
            }

            values.Add(value);
        }

        return blocks;
    }
}
