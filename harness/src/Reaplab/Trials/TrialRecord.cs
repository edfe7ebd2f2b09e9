// SPDX-License-Identifier: MIT
using CsvHelper;

namespace Reaplab.Trials;

/// <summary>
/// One row of trials.csv: one kill of one victim. Times are nanoseconds in the guest's CLOCK_MONOTONIC, counted from
/// just before the killing call unless the name says "call" (a duration). A point that was not reached is empty.
/// </summary>
[CsvRecord]
public sealed partial record TrialRecord
{
    /// <summary>The run's identity, its folder's name.</summary>
    [CsvColumn("run")]
    public required string Run { get; init; }

    /// <summary>Block, counted from 1: every kernel once, the unit of pairing.</summary>
    [CsvColumn("block")]
    public required int Block { get; init; }

    /// <summary>Position of the trial in its block, counted from 1; (block, slot) is the row's key.</summary>
    [CsvColumn("slot")]
    public required int Slot { get; init; }

    /// <summary>Kernel source, e.g. 6.12.</summary>
    [CsvColumn("base")]
    public required string Base { get; init; }

    /// <summary>The proposal whose series is in the kernel.</summary>
    [CsvColumn("approach")]
    public required string Approach { get; init; }

    /// <summary>What the killing side did.</summary>
    [CsvColumn("method")]
    public required string Method { get; init; }

    /// <summary>Condition of system and victim.</summary>
    [CsvColumn("scenario")]
    public required string Scenario { get; init; }

    /// <summary>Trial within its cell and block, counted from 1, warm-up included.</summary>
    [CsvColumn("trial")]
    public required int Trial { get; init; }

    /// <summary>What became of the memory.</summary>
    [CsvColumn("outcome")]
    public required TrialOutcome Outcome { get; init; }

    /// <summary>Result of the signalling call by name; "0" for success, empty if it was not made.</summary>
    [CsvColumn("kill_errno")]
    public string KillErrno { get; init; } = "";

    /// <summary>Result of the reaping call by name; "0" for success, empty if the method has none.</summary>
    [CsvColumn("reap_errno")]
    public string ReapErrno { get; init; } = "";

    /// <summary>memory.current at the kill minus memory.current after cleanup.</summary>
    [CsvColumn("held_bytes")]
    public long? HeldBytes { get; init; }

    /// <summary>Still held when the window closed.</summary>
    [CsvColumn("left_bytes")]
    public long? LeftBytes { get; init; }

    /// <summary>Duration of the signalling call.</summary>
    [CsvColumn("kill_call_ns")]
    public long? KillCallNs { get; init; }

    /// <summary>Duration of the reaping call.</summary>
    [CsvColumn("reap_call_ns")]
    public long? ReapCallNs { get; init; }

    /// <summary>First sample at which memory.current had fallen by 4 MiB.</summary>
    [CsvColumn("t_first_ns")]
    public long? TFirstNs { get; init; }

    /// <summary>First sample at which 50 % of held was free.</summary>
    [CsvColumn("t50_ns")]
    public long? T50Ns { get; init; }

    /// <summary>First sample at which 90 % of held was free.</summary>
    [CsvColumn("t90_ns")]
    public long? T90Ns { get; init; }

    /// <summary>First sample at which 99 % of held was free.</summary>
    [CsvColumn("t99_ns")]
    public long? T99Ns { get; init; }

    /// <summary>The pidfd became readable: process gone, which is not memory gone.</summary>
    [CsvColumn("exit_ns")]
    public long? ExitNs { get; init; }

    /// <summary>The trial's limit; a time missing above is greater than this.</summary>
    [CsvColumn("limit_ns")]
    public long? LimitNs { get; init; }

    /// <summary>From the decision to kill to the kill call's return (killer-pressure).</summary>
    [CsvColumn("decision_ns")]
    public long? DecisionNs { get; init; }

    /// <summary>An independent process had faulted in the stated amount.</summary>
    [CsvColumn("usable_ns")]
    public long? UsableNs { get; init; }

    /// <summary>CPU time the victim itself spent in the window.</summary>
    [CsvColumn("cpu_victim_ns")]
    public long? CpuVictimNs { get; init; }

    /// <summary>CPU time the killer spent in the window.</summary>
    [CsvColumn("cpu_killer_ns")]
    public long? CpuKillerNs { get; init; }

    /// <summary>CPU time the oom_reaper kernel thread spent in the window.</summary>
    [CsvColumn("cpu_kthread_ns")]
    public long? CpuKthreadNs { get; init; }

    /// <summary>Who ran exit_mmap: victim, killer, kthread, other or none.</summary>
    [CsvColumn("teardown_by")]
    public string TeardownBy { get; init; } = "";

    /// <summary>1 for the first trial of a method and scenario after a boot: kept, but out of the statistics.</summary>
    [CsvColumn("warmup"), CsvBooleanValues("1", "0")]
    public bool Warmup { get; init; }

    /// <summary>0 where the observer slept through the window, which shows what observing costs.</summary>
    [CsvColumn("observer"), CsvBooleanValues("1", "0")]
    public bool Observer { get; init; } = true;

    /// <summary>Longest time between two samples: the resolution of this row's points.</summary>
    [CsvColumn("sample_gap_max_ns")]
    public long? SampleGapMaxNs { get; init; }

    /// <summary>Growth of /proc/vmstat allocstall_* in the window.</summary>
    [CsvColumn("allocstall")]
    public long? Allocstall { get; init; }

    /// <summary>Growth of /proc/vmstat pgscan_direct in the window.</summary>
    [CsvColumn("pgscan_direct")]
    public long? PgscanDirect { get; init; }

    /// <summary>The guest's clocksource at the trial.</summary>
    [CsvColumn("clocksource")]
    public string Clocksource { get; init; } = "";

    /// <summary>kvm or tcg.</summary>
    [CsvColumn("accel")]
    public required string Accelerator { get; init; }

    /// <summary>Boot of this kernel within the block, counted from 1; above 1 after a crash.</summary>
    [CsvColumn("boot")]
    public int Boot { get; init; } = 1;

    /// <summary>The sample before the one that gave <see cref="T90Ns"/>: the true time lies between the two.</summary>
    [CsvColumn("t90_previous_ns")]
    public long? T90PreviousNs { get; init; }

    /// <summary>End of the window: an exit missing above is later than this.</summary>
    [CsvColumn("window_ns")]
    public long? WindowNs { get; init; }

    /// <summary>Kernel OOM kills in the window.</summary>
    [CsvColumn("oom_kill")]
    public long? OomKill { get; init; }

    /// <summary>Why the set-up failed, or the title of the crash; empty otherwise.</summary>
    [CsvColumn("detail")]
    public string Detail { get; init; } = "";
}
