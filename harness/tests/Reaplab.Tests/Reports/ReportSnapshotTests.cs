// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Analysis;
using Reaplab.Reports;
using Reaplab.Reports.Markdown;
using Reaplab.Reports.Text;
using Reaplab.Tests.Analysis;
using Reaplab.Tests.Support;

namespace Reaplab.Tests.Reports;

public class ReportSnapshotTests
{
    public static readonly TheoryData<string> Cultures = ["", "de-DE", "ru-RU"];

    private static string Render(IReportExporter exporter, int blocks, string accelerator = "tcg")
    {
        var data = SyntheticRun.Create(blocks, SyntheticPlans.Whole, accelerator: accelerator);
        using var text = new StringWriter { NewLine = "\r\n" };
        exporter.Write(RunAnalyzer.Analyze(data), text);
        return text.ToString();
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Text_of_ten_emulated_blocks(string culture)
    {
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        Verified.Check(Render(new TextReport(), 10), "report-ten-blocks-tcg.txt");
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Text_of_three_blocks_has_intervals_and_no_verdicts(string culture)
    {
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        Verified.Check(Render(new TextReport(), 3), "report-three-blocks-tcg.txt");
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Text_of_one_block_is_a_valid_report(string culture)
    {
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        Verified.Check(Render(new TextReport(), 1, "kvm"), "report-one-block-kvm.txt");
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Markdown_of_ten_emulated_blocks(string culture)
    {
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        Verified.Check(Render(new MarkdownReport(), 10), "report-ten-blocks-tcg.md");
    }

    [Fact]
    public void A_run_that_was_interrupted_before_its_first_row_has_a_report()
    {
        var data = SyntheticRun.Create(1, SyntheticPlans.Whole) with { Trials = [] };
        using var text = new StringWriter();
        new TextReport().Write(RunAnalyzer.Analyze(data), text);
        Assert.Contains("0 of 10 blocks", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void Text_is_plain_ASCII_of_at_most_72_columns(int blocks) =>
        Assert.All(
            Render(new TextReport(), blocks).Split('\n'),
            line =>
            {
                Assert.True(line.Length <= 72, $"{line.Length} columns: {line}");
                Assert.All(line, letter => Assert.InRange(letter, ' ', '~'));
                Assert.Equal(line.TrimEnd(), line);
            }
        );
}
