// SPDX-License-Identifier: MIT
namespace Reaplab.Trials;

/// <summary>A method of a run.</summary>
/// <param name="Name">The method.</param>
/// <param name="Reference">The method it is compared with in the same kernel; empty for the reference itself.</param>
/// <param name="Summary">What the killing side does, one line.</param>
public sealed record MethodManifest(string Name, string Reference, string Summary);
