// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>Judgement of a cell against its reference.</summary>
public enum Verdict
{
    /// <summary>Too few blocks: the interval is shown and nothing is judged.</summary>
    None,

    /// <summary>Sooner than the reference.</summary>
    Faster,

    /// <summary>Later than the reference.</summary>
    Slower,

    /// <summary>The interval lies inside the margin the plan declared.</summary>
    Same,

    /// <summary>Enough blocks, and still neither different nor the same.</summary>
    Inconclusive,

    /// <summary>Emulation cannot decide this, however many blocks there are.</summary>
    NotDecided,
}
