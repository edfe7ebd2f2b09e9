// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;

namespace Reaplab.Tests.Analysis;

/// <summary>What R says stands in Fixtures/, with the script that asked it.</summary>
public class StatisticsAgainstRTests
{
    // R prints 15 digits.
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData("signed-rank.csv")]
    [InlineData("signed-rank-large.csv")]
    public void Signed_rank_agrees_with_R_exact_tied_and_large(string file)
    {
        Assert.All(
            Fixture.Rows(file),
            row =>
            {
                var result = SignedRank.Test(Fixture.Numbers(row[0]));
                Assert.Equal(Fixture.Number(row[1]), result.Statistic, Tolerance);
                Assert.Equal(Fixture.Number(row[2]), result.PValue, Tolerance);
            }
        );
    }

    [Fact]
    public void Hodges_Lehmann_estimate_interval_and_reached_confidence_agree_with_R()
    {
        Assert.All(
            Fixture.Rows("hodges-lehmann.csv"),
            row =>
            {
                var values = Fixture.Numbers(row[0]);
                var interval = HodgesLehmann.ConfidenceInterval(values, 0.95)!.Value;
                Assert.Equal(Fixture.Number(row[1]), HodgesLehmann.Estimate(values), Tolerance);
                Assert.Equal(Fixture.Number(row[2]), interval.Low, Tolerance);
                Assert.Equal(Fixture.Number(row[3]), interval.High, Tolerance);
                Assert.Equal(Fixture.Number(row[4]), interval.Confidence, Tolerance);
            }
        );
    }

    [Fact]
    public void Holm_agrees_with_R()
    {
        Assert.All(
            Fixture.Rows("holm.csv"),
            row =>
            {
                var adjusted = Holm.Adjust(Fixture.Numbers(row[0]));
                Assert.All(
                    Fixture.Numbers(row[1]).Zip(adjusted),
                    pair => Assert.Equal(pair.First, pair.Second, Tolerance)
                );
            }
        );
    }

    [Fact]
    public void Wilson_agrees_with_R()
    {
        Assert.All(
            Fixture.Rows("wilson.csv"),
            row =>
            {
                var interval = Wilson.ConfidenceInterval(
                    (int)Fixture.Number(row[0]),
                    (int)Fixture.Number(row[1]),
                    0.95
                );
                Assert.Equal(Fixture.Number(row[2]), interval.Low, Tolerance);
                Assert.Equal(Fixture.Number(row[3]), interval.High, Tolerance);
            }
        );
    }

    [Fact]
    public void Censored_quantiles_agree_with_R()
    {
        Assert.All(
            Fixture.Rows("censored-quantile.csv"),
            row =>
            {
                var limit = Fixture.Number(row[1]);
                var expected = Fixture.Number(row[3]);
                var sample = CensoredSample.Create(
                    Fixture
                        .Numbers(row[0])
                        .Select(x => x > limit ? CensoredValue.Beyond(limit) : CensoredValue.Reached(x))
                        .ToArray()
                );
                var quantile = sample.Quantile(Fixture.Number(row[2]));
                Assert.Equal(double.IsInfinity(expected), quantile.IsCensored);
                Assert.Equal(quantile.IsCensored ? limit : expected, quantile.Value, 1e-10);
            }
        );
    }

    [Fact]
    public void Bootstrap_over_blocks_agrees_with_R_within_the_noise_of_its_draws()
    {
        var row = Fixture.Rows("bootstrap-median.csv").Single();
        var sample = CensoredSample.CreateGrouped(
            row[0].Split(';').Select(block => Fixture.Numbers(block).Select(CensoredValue.Reached).ToArray())
        );
        var (low, high) = (Fixture.Number(row[2]), Fixture.Number(row[3]));
        var interval = Bootstrap.Quantile(sample, 0.5, 0.95, seed: 1)!.Value;

        Assert.Equal(Fixture.Number(row[1]), sample.Median().Value, 1e-10);
        Assert.Equal(low, interval.Low.Value, (high - low) * 0.1);
        Assert.Equal(high, interval.High.Value, (high - low) * 0.1);
    }
}
