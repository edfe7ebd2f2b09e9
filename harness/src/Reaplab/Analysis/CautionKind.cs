// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>A reason to read a result with care.</summary>
public enum CautionKind
{
    /// <summary>The kernel under test crashed; the count is rows.</summary>
    Crash,

    /// <summary>The kernel under test hung; the count is rows.</summary>
    Hang,

    /// <summary>Emulation cannot decide the scenario.</summary>
    EmulatedNotDecided,

    /// <summary>A control did not come out the same.</summary>
    ControlFailed,

    /// <summary>Samples lie so far apart that t90 is known worse than to a tenth; the value is the share.</summary>
    CoarseSampling,

    /// <summary>The kernel's own OOM killer took part; the value is the number of kills.</summary>
    KernelOomKills,

    /// <summary>More than a tenth of the cell's rows had a bad set-up; the value is the share.</summary>
    BadSetup,

    /// <summary>A cell has no counted trial at all.</summary>
    NoTrials,

    /// <summary>Trials ran on another clock than tsc or kvm-clock, which can step by milliseconds.</summary>
    Clock,
}
