// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>Kernel × method × scenario: what is compared.</summary>
/// <param name="Approach">The proposal built into the kernel.</param>
/// <param name="Method">What the killing side does.</param>
/// <param name="Scenario">Condition of system and victim.</param>
public sealed record Cell(string Approach, string Method, string Scenario);
