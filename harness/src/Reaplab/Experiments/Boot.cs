// SPDX-License-Identifier: MIT
namespace Reaplab.Experiments;

/// <summary>One boot of one kernel with the cells that share its machine shape.</summary>
/// <param name="Approach">Whose kernel.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Cells">The cells, in order; those of one background stand together.</param>
public sealed record Boot(string Approach, MachineShape Machine, IReadOnlyList<Cell> Cells);
