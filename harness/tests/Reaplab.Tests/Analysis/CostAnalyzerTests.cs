// SPDX-License-Identifier: MIT
using Reaplab.Analysis;

namespace Reaplab.Tests.Analysis;

public sealed class CostAnalyzerTests
{
    private static readonly CostSubject[] Subjects = [SyntheticCost.Noop, SyntheticCost.Series];

    [Fact]
    public void A_cost_is_found_however_much_the_host_disturbs_whole_blocks()
    {
        var costs = CostAnalyzer.Analyze(Subjects, SyntheticCost.Create(8, fork: 1.2), isEmulated: false);
        var (fork, fault) = (costs[1].Operations[0], costs[1].Operations[1]);
        Assert.Equal("fork_exit", fork.Operation);
        Assert.InRange(fork.Contrast.Ratio, 1.18, 1.22);
        Assert.Equal(Verdict.Slower, fork.Contrast.Verdict);
        Assert.Equal(Verdict.Same, fault.Contrast.Verdict);
        Assert.All(costs[0].Operations, each => Assert.Equal(Verdict.Same, each.Contrast.Verdict));
    }

    [Fact]
    public void Emulation_decides_nothing_but_the_noise_floor()
    {
        var costs = CostAnalyzer.Analyze(Subjects, SyntheticCost.Create(8, fork: 1.2), isEmulated: true);
        Assert.All(costs[0].Operations, each => Assert.Equal(Verdict.Same, each.Contrast.Verdict));
        Assert.All(costs[1].Operations, each => Assert.Equal(Verdict.NotDecided, each.Contrast.Verdict));
    }

    [Fact]
    public void Few_blocks_give_intervals_and_no_verdicts()
    {
        var costs = CostAnalyzer.Analyze(Subjects, SyntheticCost.Create(3, fork: 1.2), isEmulated: false);
        Assert.All(
            costs.SelectMany(cost => cost.Operations),
            each =>
            {
                Assert.NotNull(each.Contrast.Interval);
                Assert.Equal(Verdict.None, each.Contrast.Verdict);
            }
        );
    }

    [Fact]
    public void The_first_rounds_of_a_boot_do_not_count()
    {
        var samples = SyntheticCost.Create(2, fork: 1);
        var all = CostAnalyzer.Analyze(Subjects, samples, isEmulated: false);
        var without = CostAnalyzer.Analyze(Subjects, [.. samples.Where(row => row.Round > 5)], isEmulated: false);
        Assert.Equal(
            without[1].Operations.Select(each => each.SeriesNs),
            all[1].Operations.Select(each => each.SeriesNs)
        );
    }

    [Fact]
    public void Each_series_is_held_against_stock_of_its_own_configuration()
    {
        var samples = SyntheticCost.Create(8, fork: 1);
        // Another stock, twice as slow in everything.
        var other = samples
            .Where(row => row.Kernel == "stock")
            .Select(row => row with { Kernel = "other", Nanoseconds = row.Nanoseconds * 2 });
        var costs = CostAnalyzer.Analyze(
            [SyntheticCost.Series, SyntheticCost.Series with { Approach = "configured", Stock = "other" }],
            [.. samples, .. other],
            isEmulated: false
        );
        Assert.InRange(costs[0].Operations[0].Contrast.Ratio, 0.98, 1.02);
        Assert.InRange(costs[1].Operations[0].Contrast.Ratio, 0.49, 0.51);
    }

    [Fact]
    public void Without_a_whole_block_there_is_only_a_size()
    {
        var samples = SyntheticCost.Create(1, fork: 1).Where(row => row.Kernel != "series");
        Assert.Empty(CostAnalyzer.Analyze(Subjects, [.. samples], isEmulated: false)[1].Operations);
    }
}
