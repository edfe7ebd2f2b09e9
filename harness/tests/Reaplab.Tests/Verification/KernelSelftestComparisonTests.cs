// SPDX-License-Identifier: MIT
using Reaplab.Verification;

namespace Reaplab.Tests.Verification;

public sealed class KernelSelftestComparisonTests
{
    [Fact]
    public void What_passes_on_both_has_passed() =>
        Assert.Equal(
            new SelftestReport("mm/x", SelftestOutcome.Passed),
            Compare(Run(0, "ok 1 a", "ok 2 b"), Run(0, "ok 1 a", "ok 2 b")).Report
        );

    [Theory]
    [InlineData("not ok 2 b", "fails on stock: 2 b")]
    [InlineData("ok 2 # SKIP b", "skipped on stock: 2 b")]
    public void What_stock_does_not_pass_either_is_named_and_no_failure(string line, string remark)
    {
        var comparison = Compare(Run(1, "ok 1 a", line), Run(1, "ok 1 a", "not ok 2 b"));
        Assert.Equal(SelftestOutcome.Passed, comparison.Report.Outcome);
        Assert.Equal([remark], comparison.Remarks);
    }

    [Fact]
    public void What_stock_gives_up_is_named()
    {
        string[] lines = ["ok 1 a", "Bail out! no pid namespaces"];
        var comparison = Compare(Run(1, lines), Run(1, lines));
        Assert.Equal(SelftestOutcome.Passed, comparison.Report.Outcome);
        Assert.Equal(["gives up on stock: no pid namespaces"], comparison.Remarks);
    }

    [Theory]
    [InlineData("not ok 2 b")]
    [InlineData("ok 2 # SKIP b")]
    [InlineData("# never reached")]
    public void What_passes_on_stock_alone_is_a_failure(string line)
    {
        var report = Compare(Run(0, "ok 1 a", "ok 2 b"), Run(1, "ok 1 a", line)).Report;
        Assert.Equal(SelftestOutcome.Failed, report.Outcome);
        Assert.Equal("passes on stock but not here: 2 b", report.Detail);
    }

    [Fact]
    public void A_program_that_gives_up_says_why()
    {
        var report = Compare(Run(0, "ok 1 a"), Run(1, "Bail out! mmap failed")).Report;
        Assert.Equal("passes on stock but not here: 1 a (it gave up: mmap failed)", report.Detail);
    }

    [Fact]
    public void A_name_may_differ_where_it_holds_a_measure() =>
        Assert.Equal(
            SelftestOutcome.Passed,
            Compare(Run(0, "ok 1 reaped a child with 1MB"), Run(0, "ok 1 reaped a child with 4MB")).Report.Outcome
        );

    [Fact]
    public void A_program_that_ends_badly_although_its_cases_passed_is_a_failure()
    {
        var report = Compare(Run(0, "ok 1 a"), Run(139, "ok 1 a")).Report;
        Assert.Equal(SelftestOutcome.Failed, report.Outcome);
        Assert.Equal("ends with exit 139, and well on stock", report.Detail);
    }

    [Fact]
    public void Where_stock_passes_nothing_there_is_nothing_to_compare() =>
        Assert.Equal(
            SelftestOutcome.Skipped,
            Compare(Run(1, "not ok 1 a", "ok 2 # SKIP b"), Run(1, "not ok 1 a", "ok 2 b")).Report.Outcome
        );

    [Theory]
    [InlineData(SelftestOutcome.Passed, SelftestOutcome.Complained, SelftestOutcome.Complained)]
    [InlineData(SelftestOutcome.Complained, SelftestOutcome.Complained, SelftestOutcome.Passed)]
    [InlineData(SelftestOutcome.Passed, SelftestOutcome.Crashed, SelftestOutcome.Crashed)]
    [InlineData(SelftestOutcome.Crashed, SelftestOutcome.Crashed, SelftestOutcome.Crashed)]
    [InlineData(SelftestOutcome.Passed, SelftestOutcome.HostTrouble, SelftestOutcome.HostTrouble)]
    [InlineData(SelftestOutcome.HostTrouble, SelftestOutcome.Passed, SelftestOutcome.HostTrouble)]
    public void What_the_kernel_said_counts_too(
        SelftestOutcome onStock,
        SelftestOutcome onApproach,
        SelftestOutcome expected
    )
    {
        TapCase[] cases = [new(1, "a", TapOutcome.Passed)];
        Assert.Equal(
            expected,
            Compare(
                new KernelSelftestRun(new SelftestReport("mm/x", onStock, "said"), cases),
                new KernelSelftestRun(new SelftestReport("mm/x", onApproach, "said"), cases)
            ).Report.Outcome
        );
    }

    private static KernelSelftestComparison Compare(KernelSelftestRun onStock, KernelSelftestRun onApproach) =>
        new(onStock, onApproach);

    private static KernelSelftestRun Run(int status, params string[] lines)
    {
        var reader = new TapReader();
        foreach (var line in lines)
        {
            reader.Take(line);
        }

        var report =
            status == 0
                ? new SelftestReport("mm/x", SelftestOutcome.Passed)
                : new SelftestReport("mm/x", SelftestOutcome.Failed, $"exit {status}");
        return new KernelSelftestRun(report, reader.Cases, reader.BailOut);
    }
}
