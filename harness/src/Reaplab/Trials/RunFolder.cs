// SPDX-License-Identifier: MIT
using System.Text.Json;
using CsvHelper;
using Reaplab.Foundation;

namespace Reaplab.Trials;

/// <summary>A run's folder: names of its files, and reading them back.</summary>
/// <param name="Path">The folder.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>How manifest.json is written and read.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>How every CSV file is written and read: commas, invariant culture, \n, 1 and 0.</summary>
    public static readonly CsvWriterOptions Csv = new()
    {
        NewLine = "\n",
        TrueValue = "1",
        FalseValue = "0",
    };

    private static readonly CsvReaderOptions Reading = new() { TrackLineNumbers = true };

    /// <summary>Provenance.</summary>
    public string Manifest => System.IO.Path.Combine(Path, "manifest.json");

    /// <summary>One row per trial.</summary>
    public string Trials => System.IO.Path.Combine(Path, "trials.csv");

    /// <summary>The observer's samples.</summary>
    public string Samples => System.IO.Path.Combine(Path, "samples.csv");

    /// <summary>What only some scenarios measure.</summary>
    public string Measures => System.IO.Path.Combine(Path, "measures.csv");

    /// <summary>Console logs, one per boot.</summary>
    public string Console => System.IO.Path.Combine(Path, "console");

    /// <summary>Plots with the data and scripts that made them.</summary>
    public string Plots => System.IO.Path.Combine(Path, "plots");

    /// <summary>Reads manifest.json.</summary>
    /// <exception cref="ConfigurationException">It is missing or not a manifest.</exception>
    public RunManifest ReadManifest()
    {
        try
        {
            return JsonSerializer.Deserialize<RunManifest>(File.ReadAllText(Manifest), Json)
                ?? throw new ConfigurationException(Manifest, 0, "the manifest is empty");
        }
        catch (IOException exception)
        {
            throw new ConfigurationException(Manifest, 0, "this is not a run: no readable manifest", exception);
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException(
                Manifest,
                (exception.LineNumber ?? -1) + 1,
                $"not a manifest: {exception.Message}",
                exception
            );
        }
    }

    /// <summary>Reads trials.csv; an unfinished last line of an interrupted run is left out.</summary>
    public IReadOnlyList<TrialRecord> ReadTrials() => [.. Read<TrialRecord>(Trials)];

    /// <summary>Reads samples.csv row by row: it is large.</summary>
    public IEnumerable<SampleRecord> ReadSamples() => Read<SampleRecord>(Samples);

    /// <summary>Reads measures.csv.</summary>
    public IReadOnlyList<MeasureRecord> ReadMeasures() => [.. Read<MeasureRecord>(Measures)];

    private static IEnumerable<T> Read<T>(string file)
    {
        if (!File.Exists(file))
        {
            yield break;
        }

        using var csv = CsvReader.FromFile(file, Reading);
        using var rows = csv.GetRecords<T>().GetEnumerator();
        while (Next(rows, csv, file))
        {
            yield return rows.Current;
        }
    }

    private static bool Next<T>(IEnumerator<T> rows, CsvReader csv, string file)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (CsvFormatException exception)
        {
            throw new ConfigurationException(
                file,
                csv.LineNumber,
                $"not a row of this file: {exception.Message.Split('\n')[0]}",
                exception
            );
        }
    }
}
