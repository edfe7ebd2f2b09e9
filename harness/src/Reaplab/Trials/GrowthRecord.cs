// SPDX-License-Identifier: MIT
using CsvHelper;

namespace Reaplab.Trials;

/// <summary>One row of sizes.csv: what a series adds to the kernel, by scripts/bloat-o-meter.</summary>
/// <param name="Approach">The series.</param>
/// <param name="Kernel">Identity of its kernel, the first twelve digits.</param>
/// <param name="Stock">Identity of stock's kernel with the same configuration.</param>
/// <param name="Added">Symbols that only the series has.</param>
/// <param name="Removed">Symbols that only stock has.</param>
/// <param name="Grown">Symbols that are larger.</param>
/// <param name="Shrunk">Symbols that are smaller.</param>
/// <param name="UpBytes">Bytes that came.</param>
/// <param name="DownBytes">Bytes that went.</param>
/// <param name="BeforeBytes">All symbols of stock.</param>
/// <param name="AfterBytes">All symbols of the series.</param>
[CsvRecord]
public sealed partial record GrowthRecord(
    [CsvColumn("approach")] string Approach,
    [CsvColumn("kernel")] string Kernel,
    [CsvColumn("stock")] string Stock,
    [CsvColumn("added")] int Added,
    [CsvColumn("removed")] int Removed,
    [CsvColumn("grown")] int Grown,
    [CsvColumn("shrunk")] int Shrunk,
    [CsvColumn("up_bytes")] long UpBytes,
    [CsvColumn("down_bytes")] long DownBytes,
    [CsvColumn("before_bytes")] long BeforeBytes,
    [CsvColumn("after_bytes")] long AfterBytes
);
