// SPDX-License-Identifier: MIT
using Reaplab.Experiments;
using Reaplab.Machines;

namespace Reaplab.Trials;

/// <summary>How long the harness waits for the guest agent before it calls the guest hung, and how often the agent looks.</summary>
/// <param name="Request">
/// A request that measures nothing; the agent answers in milliseconds, a guest in direct reclaim within seconds.
/// </param>
/// <param name="Background">
/// Setting up a background: filling 1.3 GiB through zram under emulation takes about 20 s on two busy cores.
/// </param>
/// <param name="SetupAndCleanup">What a trial takes besides its window; set-up has limits of its own inside the agent.</param>
/// <param name="SamplePeriod">
/// The observer's sleep between two samples: 1 ms. Under emulation a sample costs a tenth of that, taken from the
/// killer's CPU, and a victim's freeing takes a tenth of a second: 4 ms keep both errors in the single per cents.
/// </param>
internal sealed record TrialLimits(
    TimeSpan Request,
    TimeSpan Background,
    TimeSpan SetupAndCleanup,
    TimeSpan SamplePeriod
)
{
    /// <summary>Emulation is slower by about this factor in everything that waits; syzkaller uses the same.</summary>
    private const int EmulationScale = 3;

    internal static TrialLimits For(Accelerator accelerator)
    {
        var scale = accelerator == Accelerator.Tcg ? EmulationScale : 1;
        return new TrialLimits(
            TimeSpan.FromSeconds(10 * scale),
            TimeSpan.FromSeconds(40 * scale),
            TimeSpan.FromSeconds(30 * scale),
            TimeSpan.FromMilliseconds(accelerator == Accelerator.Tcg ? 4 : 1)
        );
    }

    internal TimeSpan Trial(ScenarioDefinition scenario) => scenario.Limit + SetupAndCleanup;
}
