// SPDX-License-Identifier: MIT
using System.Text.Json;
using CsvHelper;
using Reaplab.Analysis;
using Reaplab.Reports;
using Reaplab.Reports.Figures;
using Reaplab.Reports.Plots;
using Reaplab.Tests.Analysis;
using Reaplab.Trials;

namespace Reaplab.Tests.Reports;

public sealed class RunReporterTests : IDisposable
{
    private readonly RunFolder folder = new(Directory.CreateTempSubdirectory("reaplab-test-").FullName);

    private static void Save(RunData data, RunFolder folder)
    {
        File.WriteAllText(folder.Manifest, JsonSerializer.Serialize(data.Manifest, RunFolder.Json));
        using var trials = CsvWriter.ToFile(folder.Trials, RunFolder.Csv);
        trials.WriteRecords(data.Trials);
        using var samples = CsvWriter.ToFile(folder.Samples, RunFolder.Csv);
        samples.WriteRecords(data.ReadSamples());
        using var measures = CsvWriter.ToFile(folder.Measures, RunFolder.Csv);
        measures.WriteRecords(data.Measures);
    }

    [Fact]
    public void A_runs_folder_gets_the_reports_that_its_rows_give_and_no_leftovers()
    {
        var data = SyntheticRun.Create(2, SyntheticPlans.Whole);
        Save(data, folder);
        var shown = RunReporter.Write(folder);

        using var expected = new StringWriter();
        new Reaplab.Reports.Text.TextReport().Write(RunAnalyzer.Analyze(data), expected);
        Assert.Equal(expected.ToString(), shown);
        Assert.Equal(shown, File.ReadAllText(Path.Combine(folder.Path, "report.txt")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "report.md")));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.new"));
    }

    [Fact]
    public async Task Every_scenario_gets_its_distribution_and_its_curve_and_the_run_a_summary()
    {
        var data = SyntheticRun.Create(2, SyntheticPlans.Whole);
        Save(data, folder);
        var plotter = new Recorder();
        await RunReporter.DrawAsync(folder, plotter);
        string[] scenarios = [.. data.Manifest.Scenarios.Select(scenario => scenario.Name)];
        Assert.Equal(
            scenarios
                .SelectMany(name =>
                    name == "killer-pressure" ? [$"ecdf-{name}"] : new[] { $"ecdf-{name}", $"memory-{name}" }
                )
                .Prepend("overview")
                .Prepend("summary"),
            plotter.Figures.Select(figure => figure.Name)
        );
    }

    [Fact]
    public void Every_image_of_the_markdown_report_is_a_figure()
    {
        var data = SyntheticRun.Create(2, SyntheticPlans.Whole);
        var analysis = RunAnalyzer.Analyze(data);
        using var text = new StringWriter();
        new Reaplab.Reports.Markdown.MarkdownReport().Write(analysis, text);
        var images = text.ToString().Split("](plots/").Skip(1).Select(part => part.Split(".svg)")[0]);
        var figures = new FigureBuilder(analysis).Build(MemoryCurveReader.Read(data, analysis));
        Assert.Equal(figures.Select(figure => figure.Name), images);
    }

    private sealed class Recorder : IPlotter
    {
        public IReadOnlyList<Figure> Figures { get; private set; } = [];

        public string Name => "recorder";

        public Task<IReadOnlyList<string>> DrawAsync(
            IReadOnlyList<Figure> figures,
            string directory,
            CancellationToken cancellationToken = default
        )
        {
            Figures = figures;
            return Task.FromResult<IReadOnlyList<string>>([]);
        }
    }

    public void Dispose() => Directory.Delete(folder.Path, recursive: true);
}
