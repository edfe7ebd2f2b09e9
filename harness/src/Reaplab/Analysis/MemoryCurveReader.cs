// SPDX-License-Identifier: MIT
using MathNet.Numerics.Statistics;
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>
/// Reads samples.csv once, row by row, and keeps each trial only as its shares at the points of the scenario's grid: a
/// kilobyte per trial, however many samples it had.
/// </summary>
public static class MemoryCurveReader
{
    /// <summary>More points than a plot is wide in characters, fewer than in pixels.</summary>
    private const int GridPoints = 240;

    /// <summary>The curves of every cell that has samples, in the order of the analysis.</summary>
    /// <param name="data">The run.</param>
    /// <param name="analysis">Its analysis.</param>
    public static IReadOnlyList<MemoryCurve> Read(RunData data, RunAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(analysis);
        var grids = analysis
            .Scenarios.Where(scenario => !scenario.Scenario.Decides)
            .Select(scenario => (scenario.Scenario.Name, Grid: TimeGrid.ForMemory(scenario)))
            .Where(pair => pair.Grid is not null)
            .ToDictionary(pair => pair.Name, pair => pair.Grid!.Points(GridPoints));
        var trials = new TrialTable(data);
        var counted = data
            .Trials.Where(row => trials.Counts(row) && row.HeldBytes > 0 && grids.ContainsKey(row.Scenario))
            .DistinctBy(row => (row.Block, row.Slot))
            .ToDictionary(row => (row.Block, row.Slot));

        var shares = new Dictionary<Cell, List<float[]>>();
        foreach (var samples in ByTrial(data.ReadSamples()))
        {
            if (counted.TryGetValue((samples[0].Block, samples[0].Slot), out var row))
            {
                var cell = new Cell(row.Approach, row.Method, row.Scenario);
                if (!shares.TryGetValue(cell, out var list))
                {
                    shares[cell] = list = [];
                }

                list.Add(Shares(samples, row.HeldBytes!.Value, grids[row.Scenario]));
            }
        }

        return
        [
            .. analysis
                .Scenarios.SelectMany(scenario => scenario.Cells)
                .Where(cell => shares.ContainsKey(cell.Cell))
                .Select(cell => Summarize(cell.Cell, shares[cell.Cell], grids[cell.Cell.Scenario])),
        ];
    }

    /// <summary>The rows of a trial stand together, since a trial writes them at its end in one go.</summary>
    private static IEnumerable<List<SampleRecord>> ByTrial(IEnumerable<SampleRecord> samples)
    {
        var trial = new List<SampleRecord>();
        foreach (var sample in samples)
        {
            if (trial.Count > 0 && (trial[0].Block != sample.Block || trial[0].Slot != sample.Slot))
            {
                yield return trial;
                trial = [];
            }

            trial.Add(sample);
        }

        if (trial.Count > 0)
        {
            yield return trial;
        }
    }

    /// <summary>
    /// A step at each sample. The first sample is memory.current at the kill; what the cgroup keeps after cleanup is not the
    /// victim's and is taken off.
    /// </summary>
    private static float[] Shares(List<SampleRecord> samples, long held, double[] grid)
    {
        var kept = samples[0].Bytes - held;
        var shares = new float[grid.Length];
        var next = 0;
        for (var i = 0; i < grid.Length; i++)
        {
            while (next + 1 < samples.Count && samples[next + 1].TimeNs <= grid[i])
            {
                next++;
            }

            shares[i] = Math.Clamp((float)(samples[next].Bytes - kept) / held, 0, 1);
        }

        return shares;
    }

    private static MemoryCurve Summarize(Cell cell, List<float[]> trials, double[] grid)
    {
        var median = new double[grid.Length];
        var low = new double[grid.Length];
        var high = new double[grid.Length];
        var column = new float[trials.Count];
        for (var i = 0; i < grid.Length; i++)
        {
            for (var trial = 0; trial < column.Length; trial++)
            {
                column[trial] = trials[trial][i];
            }

            Array.Sort(column);
            median[i] = SortedArrayStatistics.Quantile(column, 0.5);
            low[i] = SortedArrayStatistics.Quantile(column, 0.1);
            high[i] = SortedArrayStatistics.Quantile(column, 0.9);
        }

        return new MemoryCurve(cell, trials.Count, grid, median, low, high);
    }
}
