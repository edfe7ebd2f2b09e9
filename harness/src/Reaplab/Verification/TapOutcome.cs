// SPDX-License-Identifier: MIT
namespace Reaplab.Verification;

/// <summary>What a program says of one of its cases.</summary>
public enum TapOutcome
{
    /// <summary>"ok".</summary>
    Passed,

    /// <summary>"not ok".</summary>
    Failed,

    /// <summary>"# SKIP", or "# XFAIL": it says nothing of the kernel.</summary>
    Skipped,
}
