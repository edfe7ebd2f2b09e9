// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;

namespace Reaplab.Tests.Analysis;

public class CensoredSampleTests
{
    private static CensoredValue[] Block(params double[] values) => values.Select(CensoredValue.Reached).ToArray();

    [Fact]
    public void A_median_that_half_of_the_values_did_not_reach_is_beyond_the_limit()
    {
        var sample = CensoredSample.Create([
            CensoredValue.Reached(10),
            CensoredValue.Reached(20),
            CensoredValue.Beyond(2000),
            CensoredValue.Beyond(2000),
        ]);
        Assert.Equal(CensoredValue.Beyond(2000), sample.Median());
        Assert.Equal(CensoredValue.Beyond(2000), sample.Maximum);
        Assert.Equal(CensoredValue.Reached(10), sample.Quantile(0));
        Assert.Equal(2, sample.KnownCount);
    }

    [Fact]
    public void A_value_reached_after_another_trials_limit_has_no_known_rank()
    {
        var sample = CensoredSample.Create([
            CensoredValue.Reached(10),
            CensoredValue.Beyond(100),
            CensoredValue.Reached(150),
        ]);
        Assert.Equal(CensoredValue.Beyond(100), sample.Median());
        Assert.Equal(1, sample.KnownCount);
    }

    [Fact]
    public void An_empty_sample_has_no_median() =>
        Assert.Throws<InvalidOperationException>(() => CensoredSample.Create([]).Median());

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_another()
    {
        var random = new Random(1);
        var blocks = Enumerable
            .Range(0, 10)
            .Select(_ => Block(Enumerable.Range(0, 7).Select(_ => random.NextDouble()).ToArray()))
            .ToArray();
        var sample = CensoredSample.CreateGrouped(blocks);
        Assert.Equal(Bootstrap.Quantile(sample, 0.5, 0.95, 7), Bootstrap.Quantile(sample, 0.5, 0.95, 7));
        Assert.NotEqual(Bootstrap.Quantile(sample, 0.5, 0.95, 7), Bootstrap.Quantile(sample, 0.5, 0.95, 8));
    }

    [Fact]
    public void One_block_gives_no_interval() =>
        Assert.Null(Bootstrap.Quantile(CensoredSample.CreateGrouped([Block(1, 2, 3)]), 0.5, 0.95, 1));

    [Fact]
    public void An_interval_can_be_open_at_the_limit()
    {
        CensoredValue[] never = [CensoredValue.Beyond(2000), CensoredValue.Beyond(2000)];
        var sample = CensoredSample.CreateGrouped([Block(1, 2), Block(2, 3), Block(1, 3), never]);
        var interval = Bootstrap.Quantile(sample, 0.5, 0.95, 1)!.Value;
        Assert.False(interval.Low.IsCensored);
        Assert.Equal(CensoredValue.Beyond(2000), interval.High);
    }
}
