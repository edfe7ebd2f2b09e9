// SPDX-License-Identifier: MIT
namespace Reaplab.Verification;

/// <summary>What became of one selftest.</summary>
public enum SelftestOutcome
{
    /// <summary>Every case that ran passed, and the kernel had nothing to say that was not announced.</summary>
    Passed,

    /// <summary>No case ran: the kernel lacks what the program needs.</summary>
    Skipped,

    /// <summary>A case failed, or the program did not end well.</summary>
    Failed,

    /// <summary>The program was content, but the kernel complained of something that was not announced.</summary>
    Complained,

    /// <summary>The kernel crashed or hung.</summary>
    Crashed,

    /// <summary>The host failed, again after a repeat; says nothing about the kernel.</summary>
    HostTrouble,
}
