// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>Something that must be read with care.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Scenario">The scenario concerned.</param>
/// <param name="Cell">The cell concerned; null where the whole scenario is.</param>
/// <param name="Value">A count or a share, as the kind says.</param>
public sealed record Caution(CautionKind Kind, string Scenario, Cell? Cell, double Value);
