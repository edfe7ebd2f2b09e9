// SPDX-License-Identifier: MIT
namespace Reaplab.Trials;

/// <summary>A measure that only some scenarios take.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Unit">Its unit.</param>
public sealed record AgentMeasure(double Value, string Unit);
