// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>One operation in a series' kernel beside the same in stock's.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="StockNs">Median time in stock's kernel.</param>
/// <param name="SeriesNs">Median time in the series'.</param>
/// <param name="Contrast">The second divided by the first, paired by block.</param>
public sealed record OperationCost(string Operation, double StockNs, double SeriesNs, Contrast Contrast);
