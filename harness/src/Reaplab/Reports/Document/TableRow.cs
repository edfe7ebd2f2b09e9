// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Document;

/// <summary>A row of a table.</summary>
/// <param name="Group">What it belongs to (mostly the kernel); empty for none.</param>
/// <param name="Fields">One field per column.</param>
internal sealed record TableRow(string Group, IReadOnlyList<string> Fields);
