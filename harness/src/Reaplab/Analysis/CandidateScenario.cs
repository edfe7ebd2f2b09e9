// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>A scenario's cells of a candidate's kernel, compared with stock's.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Rows">One row per method of the candidate's kernel.</param>
public sealed record CandidateScenario(ScenarioAnalysis Scenario, IReadOnlyList<CandidateRow> Rows);
