// SPDX-License-Identifier: MIT
namespace Reaplab.Trials;

/// <summary>A scenario of a run.</summary>
/// <param name="Name">The scenario.</param>
/// <param name="Summary">What it is, one line.</param>
/// <param name="Purpose">What it shows and what it cannot show.</param>
/// <param name="DecidedUnderEmulation">False where emulation cannot decide: locks, TLB, zeroing, cache.</param>
/// <param name="Decides">True where the measure is the decision to kill, not the freeing.</param>
/// <param name="LimitNs">Time limit of a trial, nanoseconds.</param>
/// <param name="Usable">True where another process waits for the memory, and how long is a measure of its own.</param>
public sealed record ScenarioManifest(
    string Name,
    string Summary,
    string Purpose,
    bool DecidedUnderEmulation,
    bool Decides,
    long LimitNs,
    bool Usable = false
);
