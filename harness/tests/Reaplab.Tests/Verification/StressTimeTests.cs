// SPDX-License-Identifier: MIT
using Reaplab.Verification;

namespace Reaplab.Tests.Verification;

public sealed class StressTimeTests
{
    [Fact]
    public void Every_program_has_an_equal_share_of_what_is_left()
    {
        var time = new StressTime(TimeSpan.FromSeconds(600), 3);
        Assert.Equal(200, time.TakeShare().TotalSeconds);
        time.Add(TimeSpan.FromSeconds(300));
        Assert.Equal(150, time.TakeShare().TotalSeconds);
        time.Add(TimeSpan.FromSeconds(150));
        Assert.Equal(150, time.TakeShare().TotalSeconds);
        time.Add(TimeSpan.FromSeconds(151));
        Assert.Equal(601, time.Spent.TotalSeconds);
    }

    [Fact]
    public void Where_the_time_is_over_the_rest_runs_once()
    {
        var time = new StressTime(TimeSpan.FromSeconds(30), 2);
        time.TakeShare();
        time.Add(TimeSpan.FromSeconds(90));
        Assert.Equal(TimeSpan.Zero, time.TakeShare());
    }

    [Fact]
    public void A_program_that_did_not_race_leaves_its_share_to_the_others()
    {
        var time = new StressTime(TimeSpan.FromSeconds(60), 2);
        time.TakeShare();
        Assert.Equal(60, time.TakeShare().TotalSeconds);
    }
}
