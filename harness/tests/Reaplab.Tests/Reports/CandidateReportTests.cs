// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Text;
using Reaplab.Tests.Analysis;
using Reaplab.Tests.Support;
using Line = Reaplab.Tests.Analysis.SyntheticRun.Line;

namespace Reaplab.Tests.Reports;

public sealed class CandidateReportTests
{
    private static readonly Line[] Lines =
    [
        .. Both("kill", "idle", 180, 181),
        .. Both("process_mrelease", "idle", 95, 96),
        new("candidate", "process_reap", "idle", 60, 70),
        .. Both("kill", "throttled", 3900, 3900),
        .. Both("process_mrelease", "throttled", 150, 230),
        new("candidate", "process_reap", "throttled", 80, 90),
        new("stock", "kill", "frozen-v1", 5000, 0, Trials: 1) { FirstBlocks = 2 },
        new("candidate", "kill", "frozen-v1", 5000, 0, Trials: 1) { FirstBlocks = 2 },
        .. Both("process_mrelease", "frozen-v1", 120, 5000),
        new("candidate", "process_reap", "frozen-v1", 118, 0),
    ];

    [Fact]
    public void Of_eight_emulated_blocks() => Verified.Check(Render(8, "tcg"), "candidate-eight-blocks-tcg.txt");

    [Fact]
    public void Of_one_block() => Verified.Check(Render(1, "kvm"), "candidate-one-block-kvm.txt");

    [Theory]
    [InlineData(1, "kvm")]
    [InlineData(8, "tcg")]
    public void It_fits_a_mail(int blocks, string accelerator) =>
        Assert.All(
            Render(blocks, accelerator).Split('\n'),
            line =>
            {
                Assert.True(line.Length <= 72, $"{line.Length} columns: {line}");
                Assert.All(line, letter => Assert.InRange(letter, ' ', '~'));
                Assert.Equal(line.TrimEnd(), line);
            }
        );

    private static string Render(int blocks, string accelerator)
    {
        var comparison = CandidateComparison.Compare(
            SyntheticRun.Create(blocks, Lines, accelerator: accelerator),
            "candidate"
        );
        using var text = new StringWriter { NewLine = "\r\n" };
        CandidateReport.Write(comparison, "mm: free it sooner", "reaplab try series.mbox --method sooner.c", text);
        return text.ToString();
    }

    private static Line[] Both(string method, string scenario, double onStock, double onCandidate) =>
        [
            new("stock", method, scenario, onStock, onStock < 1000 ? onStock * 1.1 : 0),
            new("candidate", method, scenario, onCandidate, onCandidate < 1000 ? onCandidate * 1.1 : 0),
        ];
}
