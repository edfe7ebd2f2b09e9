// SPDX-License-Identifier: MIT
namespace Reaplab.Experiments;

/// <summary>A cell as a plan asks for it: kernel × method × scenario, with its trials per block.</summary>
/// <param name="Approach">Whose kernel.</param>
/// <param name="Method">What the killing side does.</param>
/// <param name="Scenario">In which condition.</param>
/// <param name="Trials">Measured trials per block, warm-up not counted.</param>
/// <param name="Unobserved">Further trials per block with the observer asleep, which show its cost.</param>
/// <param name="FirstBlocks">
/// The cell is run in this many first blocks only; fewer than the plan's for cells that are censored by construction
/// and cost a whole limit per trial.
/// </param>
public sealed record PlannedCell(
    string Approach,
    string Method,
    ScenarioDefinition Scenario,
    int Trials,
    int Unobserved,
    int FirstBlocks
);
