// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>What a ratio of durations means when one of them did not end within its limit.</summary>
public enum RatioBound
{
    /// <summary>Both durations ended: the ratio is what it is.</summary>
    Exact,

    /// <summary>The reference did not end in some block: the true ratio is at most this.</summary>
    AtMost,

    /// <summary>The subject did not end in some block: the true ratio is at least this.</summary>
    AtLeast,

    /// <summary>Neither ended, or the blocks disagree in kind: there is no ratio.</summary>
    Unknown,
}
