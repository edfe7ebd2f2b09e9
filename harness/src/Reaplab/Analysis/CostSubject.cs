// SPDX-License-Identifier: MIT
using Reaplab.Kernels;

namespace Reaplab.Analysis;

/// <summary>A series whose cost is asked for.</summary>
/// <param name="Approach">The approach.</param>
/// <param name="Kernel">Identity of its kernel, as rows carry it.</param>
/// <param name="Stock">Identity of stock's kernel with the same configuration.</param>
/// <param name="Growth">What it adds to functions and data.</param>
public sealed record CostSubject(string Approach, string Kernel, string Stock, KernelGrowth Growth);
