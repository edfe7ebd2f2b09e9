// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>A duration that trials are compared by.</summary>
public enum Measure
{
    /// <summary>90 % of what the victim held is free (t90).</summary>
    MemoryGone,

    /// <summary>The first 4 MiB are free (t_first).</summary>
    MemoryFirst,

    /// <summary>
    /// 99 % is free (t99). Below 4 GiB a single step of freeing is larger than the last percent, so it is shown as the end,
    /// without a verdict.
    /// </summary>
    MemoryEnd,

    /// <summary>The process is gone (exit), which is another thing than its memory being free.</summary>
    ProcessGone,

    /// <summary>An independent process has got the memory it asked for.</summary>
    Usable,

    /// <summary>From the decision to kill to the kill.</summary>
    Decision,

    /// <summary>Duration of the reaping call.</summary>
    ReapCall,

    /// <summary>One operation of a micro-benchmark; no trial has it.</summary>
    Operation,
}
