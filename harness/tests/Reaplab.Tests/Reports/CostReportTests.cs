// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Analysis;
using Reaplab.Reports.Cost;
using Reaplab.Tests.Analysis;
using Reaplab.Tests.Support;

namespace Reaplab.Tests.Reports;

public sealed class CostReportTests
{
    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    public void Text_of_eight_emulated_blocks(string culture)
    {
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        var (costs, provenance) = Create(8, isEmulated: true);
        Verified.Check(CostReport.ToText(costs, provenance), "cost-eight-blocks-tcg.txt");
    }

    [Fact]
    public void Markdown_of_eight_blocks()
    {
        var (costs, provenance) = Create(8, isEmulated: false);
        Verified.Check(CostReport.ToMarkdown(costs, provenance), "cost-eight-blocks-kvm.md");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(8, false)]
    public void It_fits_a_mail(int blocks, bool isEmulated)
    {
        var (costs, provenance) = Create(blocks, isEmulated);
        Assert.All(
            CostReport.ToText(costs, provenance).Split('\n'),
            line =>
            {
                Assert.True(line.Length <= 72, $"{line.Length} columns: {line}");
                Assert.All(line, letter => Assert.InRange(letter, ' ', '~'));
            }
        );
    }

    private static (IReadOnlyList<SeriesCost> Costs, CostProvenance Provenance) Create(int blocks, bool isEmulated) =>
        (
            CostAnalyzer.Analyze(
                [SyntheticCost.Noop, SyntheticCost.Series],
                SyntheticCost.Create(blocks, fork: 1.2),
                isEmulated
            ),
            new CostProvenance
            {
                SourceVersion = "6.12.1-test",
                Compiler = "gcc (Test) 12.2.0",
                Accelerator = isEmulated ? "TCG, emulated (asked for)" : "KVM (asked for)",
                IsEmulated = isEmulated,
                Qemu = "7.2.0",
                Harness = "1.0.0 (test)",
                Blocks = blocks,
                Seed = 42,
                Command = "reaplab cost series",
            }
        );
}
