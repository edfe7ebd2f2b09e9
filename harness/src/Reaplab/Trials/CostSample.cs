// SPDX-License-Identifier: MIT
using CsvHelper;

namespace Reaplab.Trials;

/// <summary>One row of cost.csv: one measurement of one operation of the micro-benchmark workloads/cost.</summary>
/// <param name="Block">The block.</param>
/// <param name="Boot">Place of the boot in its block.</param>
/// <param name="Approach">The approach of the kernel.</param>
/// <param name="Kernel">The kernel's identity, the first twelve digits.</param>
/// <param name="Operation">What was done.</param>
/// <param name="Round">Round within the boot, from 1; each does every operation once.</param>
/// <param name="Nanoseconds">Time of all of them together.</param>
/// <param name="Count">How many there were: operations, or pages.</param>
[CsvRecord]
public sealed partial record CostSample(
    [CsvColumn("block")] int Block,
    [CsvColumn("boot")] int Boot,
    [CsvColumn("approach")] string Approach,
    [CsvColumn("kernel")] string Kernel,
    [CsvColumn("operation")] string Operation,
    [CsvColumn("round")] int Round,
    [CsvColumn("ns")] long Nanoseconds,
    [CsvColumn("count")] long Count
);
