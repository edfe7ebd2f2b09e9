// SPDX-License-Identifier: MIT
namespace Reaplab.Kernels;

/// <summary>What the kernel's build says after one patch of a series.</summary>
/// <param name="Number">The patch, counted from 1.</param>
/// <param name="Total">Patches of the series.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Failure">Why the kernel does not compile after it; null where it does.</param>
/// <param name="Warnings">Warnings of W=1 in files of the series that were not there before this patch.</param>
public sealed record PatchCheck(int Number, int Total, string Subject, string? Failure, IReadOnlyList<string> Warnings);
