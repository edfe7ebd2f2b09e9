// SPDX-License-Identifier: MIT
namespace Reaplab.Kernels;

/// <summary>A series somebody brought along, as files that git am takes.</summary>
/// <param name="Title">Subject of its cover letter, else of its first patch.</param>
/// <param name="Patches">The patches in order.</param>
/// <param name="BaseCommit">Where the commits of a range begin; null for a series from files.</param>
public sealed record ImportedSeries(string Title, IReadOnlyList<string> Patches, string? BaseCommit);
