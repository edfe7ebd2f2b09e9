// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Trials;

/// <summary>
/// Waits until the guest's clock is fit to time with. Until about two seconds after boot timers fire only every 4 ms
/// although the clock already steps in nanoseconds, and a guest that fell back to jiffies looks wonderfully stable.
/// </summary>
internal static class GuestClock
{
    /// <summary>A sleep of 100 µs that takes longer than this would be visible in the observer's millisecond.</summary>
    private const long LongestShortSleepNs = 1_000_000;

    /// <summary>The 4 ms phase ends two seconds after boot; a loaded host may take several times that.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    internal static async Task<AgentProbe> WaitUntilFitAsync(
        AgentClient agent,
        TrialLimits limits,
        CancellationToken cancellationToken
    )
    {
        var deadline = DateTime.UtcNow + Limit;
        while (true)
        {
            var probe = await agent.ProbeAsync(limits.Request, cancellationToken);
            if (
                TrialRows.GoodClocksources.Contains(probe.Clocksource)
                && probe.ShortSleepNs <= LongestShortSleepNs
                && probe.ClockStepNs < LongestShortSleepNs
            )
            {
                return probe;
            }

            if (DateTime.UtcNow > deadline)
            {
                throw new InfrastructureException(
                    $"the guest's clock is not fit to time with after {Limit.TotalSeconds} s: clocksource "
                        + $"{probe.Clocksource}, a sleep of 100 us takes {probe.ShortSleepNs} ns; is the host overloaded?"
                );
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }
}
