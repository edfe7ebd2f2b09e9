// SPDX-License-Identifier: MIT
namespace Reaplab.Experiments;

/// <summary>Kernel × method × scenario within one block, with its trials in order.</summary>
/// <param name="Approach">Whose kernel.</param>
/// <param name="Method">What the killing side does.</param>
/// <param name="Scenario">In which condition.</param>
/// <param name="Trials">The trials; the first is warm-up.</param>
public sealed record Cell(string Approach, string Method, ScenarioDefinition Scenario, IReadOnlyList<TrialSlot> Trials);
