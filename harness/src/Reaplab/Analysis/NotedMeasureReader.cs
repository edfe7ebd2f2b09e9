// SPDX-License-Identifier: MIT
using MathNet.Numerics.Statistics;
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>Brings the rows of measures.csv to the cells whose trials noted them.</summary>
internal sealed class NotedMeasureReader
{
    private readonly TrialTable _trials;
    private readonly ILookup<(int Block, int Slot), MeasureRecord> _rows;

    public NotedMeasureReader(TrialTable trials, IEnumerable<MeasureRecord> rows)
    {
        _trials = trials;
        _rows = rows.ToLookup(row => (row.Block, row.Slot));
    }

    /// <summary>The measures of some cells, in the order in which they were first noted.</summary>
    /// <param name="cells">Cells of one scenario.</param>
    public IReadOnlyList<NotedMeasure> Read(IEnumerable<Cell> cells) =>
        [
            .. cells
                .SelectMany(Describe)
                .GroupBy(noted => (noted.Name, noted.Unit), noted => noted.Values)
                .Select(group => new NotedMeasure(group.Key.Name, group.Key.Unit, [.. group])),
        ];

    private IEnumerable<(string Name, string Unit, NotedValues Values)> Describe(Cell cell)
    {
        var counted = _trials.Counted(cell).ToList();
        return counted
            .SelectMany(trial => _rows[(trial.Block, trial.Slot)])
            .GroupBy(row => (row.Measure, row.Unit), row => row.Value)
            .Select(group =>
                (
                    group.Key.Measure,
                    group.Key.Unit,
                    new NotedValues(cell, group.Median(), group.Min(), group.Max(), group.Count(), counted.Count)
                )
            );
    }
}
