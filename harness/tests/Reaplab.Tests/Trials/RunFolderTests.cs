// SPDX-License-Identifier: MIT
using System.Globalization;
using CsvHelper;
using Reaplab.Foundation;
using Reaplab.Trials;

namespace Reaplab.Tests.Trials;

public sealed class RunFolderTests : IDisposable
{
    private readonly RunFolder folder = new(Directory.CreateTempSubdirectory("reaplab-test-").FullName);

    private static TrialRecord Row(TrialOutcome outcome) =>
        new()
        {
            Run = "r",
            Block = 1,
            Slot = 2,
            Base = "6.12",
            Approach = "stock",
            Method = "kill",
            Scenario = "idle",
            Trial = 1,
            Outcome = outcome,
            KillErrno = "0",
            T90Ns = 1234567,
            Warmup = true,
            Accelerator = "tcg",
            Detail = "a, \"quoted\" detail",
        };

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    [InlineData("ru-RU")]
    public void A_row_reads_back_as_it_was_written_in_every_culture(string culture)
    {
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        var rows = Enum.GetValues<TrialOutcome>().Select(Row).ToList();
        using (var csv = CsvWriter.ToFile(folder.Trials, RunFolder.Csv))
        {
            csv.WriteRecords(rows);
        }

        Assert.Equal(rows, folder.ReadTrials());
        var lines = File.ReadAllLines(folder.Trials);
        Assert.StartsWith("run,block,slot,base,approach,method,scenario,trial,outcome,kill_errno,", lines[0]);
        Assert.Contains(",not-freed,0,,", lines[2]);
        Assert.Contains("1234567", lines[2]);
    }

    [Fact]
    public void A_row_that_is_none_names_file_and_line()
    {
        using (var csv = CsvWriter.ToFile(folder.Trials, RunFolder.Csv))
        {
            csv.WriteRecords([Row(TrialOutcome.Freed)]);
        }

        File.AppendAllText(folder.Trials, "r,one,2\n");
        var error = Assert.Throws<ConfigurationException>(() => folder.ReadTrials());
        Assert.StartsWith($"{folder.Trials}:3: not a row of this file", error.Message);
    }

    public void Dispose() => Directory.Delete(folder.Path, recursive: true);
}
