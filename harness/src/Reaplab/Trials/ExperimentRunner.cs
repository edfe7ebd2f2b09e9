// SPDX-License-Identifier: MIT
using System.Diagnostics;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Machines;

namespace Reaplab.Trials;

/// <summary>Runs an experiment block by block; after every block the run's folder is a complete, readable result.</summary>
public sealed class ExperimentRunner
{
    private readonly RunContext context;
    private readonly Experiment experiment;
    private readonly RunFolder folder;
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly int total;
    private RunManifest manifest;
    private int started;

    /// <summary>Prepares a run.</summary>
    /// <param name="context">What its boots share.</param>
    /// <param name="experiment">What to do.</param>
    /// <param name="folder">Where to write; must not exist.</param>
    /// <param name="manifest">Provenance, blocks still empty.</param>
    public ExperimentRunner(RunContext context, Experiment experiment, RunFolder folder, RunManifest manifest)
    {
        this.context = context;
        this.experiment = experiment;
        this.folder = folder;
        this.manifest = manifest;
        total = experiment.Blocks.Sum(Trials);
    }

    /// <summary>Called before each trial.</summary>
    public Action<RunProgress>? OnProgress { get; init; }

    /// <summary>Called after each block, with the rows on disk: the place to print the table again.</summary>
    public Action<RunFolder, int>? OnBlock { get; init; }

    /// <summary>Runs to the end or until interrupted.</summary>
    /// <param name="cancellationToken">Interrupts: machines stopped, rows kept.</param>
    public async Task<RunOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using var writer = new RunWriter(folder);
        writer.WriteManifest(manifest);
        var faults = 0;
        try
        {
            foreach (var block in experiment.Blocks)
            {
                faults += await RunBlockAsync(writer, block, cancellationToken);
                OnBlock?.Invoke(folder, block.Number);
            }

            manifest = manifest with { Ended = DateTimeOffset.UtcNow };
            writer.WriteManifest(manifest);
            return new RunOutcome(folder, Interrupted: false, faults);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new RunOutcome(folder, Interrupted: true, faults);
        }
        catch (ReaplabException exception)
        {
            return new RunOutcome(folder, Interrupted: false, faults, exception);
        }
    }

    private static int Trials(Block block) => block.Boots.Sum(boot => boot.Cells.Sum(cell => cell.Trials.Count));

    private async Task<int> RunBlockAsync(RunWriter writer, Block block, CancellationToken cancellationToken)
    {
        var begin = DateTimeOffset.UtcNow;
        var before = HostNoise.Capture();
        var reports = new List<BootReport>();
        foreach (var boot in block.Boots)
        {
            var runner = new BootRunner(
                context,
                writer,
                new TrialRows(manifest.Run, manifest.Base, manifest.Accelerator, block.Number, Boot: 1),
                block,
                boot,
                folder.Console,
                (cell, slot) => Report(block, cell, slot)
            );
            reports.Add(runner.Report);
            await runner.RunAsync(cancellationToken);
        }

        var trials = Math.Max(1, reports.Sum(report => report.Trials));
        manifest = manifest with
        {
            Blocks =
            [
                .. manifest.Blocks,
                new BlockManifest
                {
                    Block = block.Number,
                    Started = begin,
                    Ended = DateTimeOffset.UtcNow,
                    Order = [.. block.Boots.Select(boot => boot.Approach)],
                    InfrastructureRepeats = reports.Sum(report => report.InfrastructureRepeats),
                    BootMilliseconds =
                    [
                        .. reports.SelectMany(report => report.BootTimes).Select(time => time.TotalMilliseconds),
                    ],
                    HarnessMillisecondsPerTrial = reports.Sum(report => report.HarnessTime.TotalMilliseconds) / trials,
                    RunDelayNs = reports.Sum(report => report.RunDelayNs),
                    Noise = BlockNoise.Describe(before, HostNoise.Capture()),
                },
            ],
        };
        writer.WriteManifest(manifest);
        return reports.Sum(report => report.KernelFaults);
    }

    private void Report(Block block, Cell cell, TrialSlot slot)
    {
        started = experiment.Blocks.Take(block.Number - 1).Sum(Trials) + DoneIn(block, cell, slot);
        var elapsed = watch.Elapsed;
        OnProgress?.Invoke(
            new RunProgress(
                block.Number,
                experiment.Blocks.Count,
                cell.Approach,
                $"{cell.Scenario.Name}/{cell.Method}",
                started,
                total,
                started == 0 ? null : elapsed / started * (total - started)
            )
        );
    }

    private static int DoneIn(Block block, Cell cell, TrialSlot slot)
    {
        var done = 0;
        foreach (var other in block.Boots.SelectMany(boot => boot.Cells))
        {
            if (ReferenceEquals(other, cell))
            {
                break;
            }

            done += other.Trials.Count;
        }

        return done + slot.Trial - 1;
    }
}
