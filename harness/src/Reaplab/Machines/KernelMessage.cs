// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>Something the guest's kernel complained about on its console.</summary>
/// <param name="Kind">How bad it is.</param>
/// <param name="Title">The complaint without time stamps and numbers that differ between boots.</param>
public sealed record KernelMessage(KernelMessageKind Kind, string Title);
