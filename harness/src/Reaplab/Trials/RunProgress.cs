// SPDX-License-Identifier: MIT
namespace Reaplab.Trials;

/// <summary>How far a run is, for display.</summary>
/// <param name="Block">The current block.</param>
/// <param name="Blocks">Blocks planned.</param>
/// <param name="Approach">The kernel that runs.</param>
/// <param name="Cell">Scenario and method, e.g. "idle/kill".</param>
/// <param name="Trial">Trials done.</param>
/// <param name="Trials">Trials in all.</param>
/// <param name="Remaining">Time left, from the trials so far; null at the start.</param>
public sealed record RunProgress(
    int Block,
    int Blocks,
    string Approach,
    string Cell,
    int Trial,
    int Trials,
    TimeSpan? Remaining
);
