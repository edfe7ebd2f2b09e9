// SPDX-License-Identifier: MIT
using Reaplab.Trials;

namespace Reaplab.Tests.Trials;

public sealed class TrialRowsTests
{
    private static readonly TrialRows Rows = new("run", "6.12", "tcg", 1, 1);

    private static AgentTrial Freed() =>
        new()
        {
            Setup = "ok",
            HeldBytes = 1_000_000_000,
            LeftBytes = 0,
            T0Bytes = 1_000_000_000,
            KillErrno = "0",
            ExitNs = 900,
            Clocksource = "tsc",
            Samples =
            [
                [0, 0, 1_000_000_000],
                [100, 200, 400_000_000],
                [700, 800, 0],
            ],
        };

    private static TrialRecord Row(AgentTrial trial, bool decide = false) =>
        Rows.Measured(
            Sample.Cell("kill", 1, 1, Sample.Scenario(decide: decide)),
            Sample.Cell("kill", 1).Trials[0],
            warmup: false,
            trial
        );

    [Fact]
    public void Memory_that_went_within_the_limit_is_freed()
    {
        var row = Row(Freed());
        Assert.Equal(TrialOutcome.Freed, row.Outcome);
        Assert.Equal((200, 200, 800, 800, 700), (row.TFirstNs, row.T50Ns, row.T90Ns, row.T99Ns, row.T90PreviousNs));
        Assert.Equal(900, row.ExitNs);
    }

    [Fact]
    public void Memory_that_stayed_is_not_freed_and_the_point_is_empty()
    {
        var row = Row(
            Freed() with
            {
                Samples =
                [
                    [0, 0, 1_000_000_000],
                ],
                LeftBytes = 1_000_000_000,
            }
        );
        Assert.Equal(TrialOutcome.NotFreed, row.Outcome);
        Assert.Null(row.T90Ns);
    }

    [Fact]
    public void A_miss_is_freed_with_ESRCH_and_stays_in_the_distribution()
    {
        var row = Row(Freed() with { ReapErrno = "ESRCH", ReapCallNs = 5 });
        Assert.Equal((TrialOutcome.Freed, "ESRCH"), (row.Outcome, row.ReapErrno));
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(0, "memory that a living process uses was taken away")]
    public void Memory_taken_from_a_living_process_stands_in_the_row(int intact, string detail)
    {
        var measures = new Dictionary<string, AgentMeasure> { ["neighbour_intact"] = new(intact, "bool") };
        Assert.Equal(detail, Row(Freed() with { Measures = measures }).Detail);
    }

    [Fact]
    public void A_condition_not_reached_is_bad_setup_with_the_agents_reason()
    {
        var row = Row(Freed() with { Setup = "freezer.state reads FREEZING" });
        Assert.Equal((TrialOutcome.BadSetup, "freezer.state reads FREEZING"), (row.Outcome, row.Detail));
    }

    [Fact]
    public void A_victim_that_held_too_little_is_bad_setup()
    {
        Assert.Equal(TrialOutcome.BadSetup, Row(Freed() with { HeldBytes = 899_999_999 }).Outcome);
    }

    [Fact]
    public void A_clock_that_fell_back_makes_the_trial_infrastructure()
    {
        Assert.Equal(TrialOutcome.Infrastructure, Row(Freed() with { Clocksource = "refined-jiffies" }).Outcome);
    }

    [Theory]
    [InlineData(0, TrialOutcome.Freed)]
    [InlineData(500_000_000, TrialOutcome.NotFreed)]
    public void Without_an_observer_what_is_left_at_the_end_decides(long left, TrialOutcome expected)
    {
        Assert.Equal(expected, Row(Freed() with { Samples = [], LeftBytes = left }).Outcome);
    }

    [Fact]
    public void A_decision_counts_where_the_scenario_measures_decisions()
    {
        Assert.Equal(TrialOutcome.Freed, Row(Freed() with { HeldBytes = 1, DecisionNs = 7 }, decide: true).Outcome);
        Assert.Equal(TrialOutcome.NotFreed, Row(Freed() with { DecisionNs = null }, decide: true).Outcome);
    }
}
