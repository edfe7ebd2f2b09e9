// SPDX-License-Identifier: MIT
using System.Text.Json;
using CsvHelper;

namespace Reaplab.Trials;

/// <summary>Writes a run's files so that nothing is lost: a trial's rows are on disk before the next trial starts.</summary>
public sealed class RunWriter : IDisposable
{
    private readonly RunFolder folder;
    private readonly CsvWriter trials;
    private readonly CsvWriter samples;
    private readonly CsvWriter measures;

    /// <summary>Starts the files of a new run.</summary>
    /// <param name="folder">The run's folder; created here.</param>
    public RunWriter(RunFolder folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder.Path);
        Directory.CreateDirectory(folder.Console);
        trials = Open<TrialRecord>(folder.Trials);
        samples = Open<SampleRecord>(folder.Samples);
        measures = Open<MeasureRecord>(folder.Measures);
    }

    /// <summary>Writes one trial: samples and measures first, so that a row never lacks its own.</summary>
    /// <param name="trial">The row.</param>
    /// <param name="trialSamples">The observer's samples.</param>
    /// <param name="trialMeasures">Further measures.</param>
    public void Append(
        TrialRecord trial,
        IEnumerable<SampleRecord> trialSamples,
        IEnumerable<MeasureRecord> trialMeasures
    )
    {
        samples.WriteRecords(trialSamples);
        samples.Flush();
        measures.WriteRecords(trialMeasures);
        measures.Flush();
        trials.WriteRecords([trial]);
        trials.Flush();
    }

    /// <summary>Replaces manifest.json at one stroke.</summary>
    /// <param name="manifest">What it shall say.</param>
    public void WriteManifest(RunManifest manifest)
    {
        var next = folder.Manifest + ".next";
        File.WriteAllText(next, JsonSerializer.Serialize(manifest, RunFolder.Json) + "\n");
        File.Move(next, folder.Manifest, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        trials.Dispose();
        samples.Dispose();
        measures.Dispose();
    }

    private static CsvWriter Open<T>(string file)
    {
        var writer = CsvWriter.ToFile(file, RunFolder.Csv);
        writer.WriteHeader<T>();
        writer.Flush();
        return writer;
    }
}
