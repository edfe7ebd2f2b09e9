// SPDX-License-Identifier: MIT
using Reaplab.Trials;

namespace Reaplab.Tests.Trials;

public sealed class TrialQueueTests
{
    [Fact]
    public void Trials_come_in_order_and_the_first_of_a_cell_warms_up()
    {
        var queue = new TrialQueue(Sample.Boot(Sample.Cell("kill", 2), Sample.Cell("process_mrelease", 1, 3)));
        queue.NoteBoot();
        var seen = new List<(int, string, bool)>();
        while (!queue.IsEmpty)
        {
            seen.Add((queue.Slot.Slot, queue.Cell.Method, queue.Warmup));
            queue.Advance();
        }

        Assert.Equal([(1, "kill", true), (2, "kill", false), (3, "process_mrelease", true)], seen);
    }

    [Fact]
    public void After_a_reboot_the_next_trial_warms_up_again()
    {
        var queue = new TrialQueue(Sample.Boot(Sample.Cell("kill", 4)));
        queue.NoteBoot();
        queue.Advance();
        queue.NoteBoot();
        Assert.True(queue.Warmup);
        queue.Advance();
        Assert.False(queue.Warmup);
    }

    [Fact]
    public void The_third_crash_closes_the_cell_and_only_the_cell()
    {
        var queue = new TrialQueue(Sample.Boot(Sample.Cell("kill", 9), Sample.Cell("process_mrelease", 2, 10)));
        Assert.False(queue.NoteCrash());
        Assert.False(queue.NoteCrash());
        Assert.True(queue.NoteCrash());
        Assert.Equal(9, queue.TakeCell().Count);
        Assert.Equal("process_mrelease", queue.Cell.Method);
        Assert.False(queue.NoteCrash());
    }
}
