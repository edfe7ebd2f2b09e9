// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Kernels;
using Reaplab.Trials;

namespace Reaplab.Tests.Analysis;

/// <summary>Rows of a micro-benchmark with known ratios, and a disturbance per block that pairing takes out.</summary>
internal static class SyntheticCost
{
    private const int Rounds = 12;

    private static readonly (string Name, double Ns, int Count)[] Operations =
    [
        ("fork_exit", 75_000, 20),
        ("page_fault", 1290, 4096),
    ];

    public static readonly CostSubject Noop = new(
        "noop",
        "noop",
        "stock",
        new KernelGrowth(1, 0, 0, 0, 16, 0, 9000000, 9000016)
    );

    public static readonly CostSubject Series = new(
        "series",
        "series",
        "stock",
        new KernelGrowth(5, 1, 3, 2, 1400, 79, 9000000, 9001321)
    );

    /// <summary>As if the series' fork took that many times stock's, and all else were equal.</summary>
    public static IReadOnlyList<CostSample> Create(int blocks, double fork) =>
        [
            .. Enumerable.Range(1, blocks).SelectMany(block => Boot(block, "stock", 1)),
            .. Enumerable.Range(1, blocks).SelectMany(block => Boot(block, "noop", 1)),
            .. Enumerable.Range(1, blocks).SelectMany(block => Boot(block, "series", fork)),
        ];

    private static IEnumerable<CostSample> Boot(int block, string kernel, double fork)
    {
        // Seeded by what is drawn, so that a boot does not depend on those before it.
        var random = new Random(block * 31 + kernel.Length);
        var host = 1 + (0.2 * block);
        var own = 1 + (0.01 * (random.NextDouble() - 0.5));
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var (name, ns, count) in Operations)
            {
                var warm = round <= 5 ? 3 : 1;
                var factor = host * own * warm * (name == "fork_exit" ? fork : 1) * (1 + (0.02 * random.NextDouble()));
                yield return new CostSample(block, 1, kernel, kernel, name, round, (long)(ns * factor * count), count);
            }
        }
    }
}
