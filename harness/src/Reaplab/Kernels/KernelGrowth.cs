// SPDX-License-Identifier: MIT

namespace Reaplab.Kernels;

/// <summary>What a series adds to a kernel's functions and data, whether it is used or not.</summary>
/// <param name="Added">Functions and data that stock does not have.</param>
/// <param name="Removed">Those that only stock has.</param>
/// <param name="Grown">Those that are larger than in stock.</param>
/// <param name="Shrunk">Those that are smaller.</param>
/// <param name="UpBytes">Bytes that came.</param>
/// <param name="DownBytes">Bytes that went.</param>
/// <param name="BeforeBytes">All functions and data of stock.</param>
/// <param name="AfterBytes">All of the series' kernel.</param>
public sealed record KernelGrowth(
    int Added,
    int Removed,
    int Grown,
    int Shrunk,
    long UpBytes,
    long DownBytes,
    long BeforeBytes,
    long AfterBytes
);
