// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>Who paid for the freeing: shares of the CPU time spent in the windows of a cell's trials.</summary>
/// <param name="Victim">The victim's share, 0 to 1.</param>
/// <param name="Killer">The killer's share.</param>
/// <param name="KernelThread">The oom_reaper thread's share.</param>
/// <param name="MedianTotalNs">CPU time of all three per trial, median, nanoseconds.</param>
public sealed record CpuShares(double Victim, double Killer, double KernelThread, double MedianTotalNs);
