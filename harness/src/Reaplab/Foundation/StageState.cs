// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>How far a stage is.</summary>
/// <param name="Stage">What is going on, e.g. "kernel process-reap".</param>
/// <param name="Detail">The step within it, e.g. "CC mm/oom_kill.o"; may be empty.</param>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Steps in all; 0 where unknown.</param>
/// <param name="Finished">True when the stage has ended and its line may stay.</param>
public sealed record StageState(string Stage, string Detail, long Done, long Total, bool Finished = false);
