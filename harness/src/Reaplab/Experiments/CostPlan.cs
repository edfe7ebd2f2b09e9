// SPDX-License-Identifier: MIT
namespace Reaplab.Experiments;

/// <summary>In which order kernels are booted to see what they cost those who use nothing new.</summary>
/// <param name="Seed">Seed of the orders.</param>
/// <param name="Blocks">Per block every kernel once, in random order: the unit of pairing, as in a run.</param>
public sealed record CostPlan(long Seed, IReadOnlyList<IReadOnlyList<string>> Blocks)
{
    /// <summary>Makes the orders.</summary>
    /// <param name="kernels">Identities of the kernels.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="seed">Same kernels and seed, same orders.</param>
    public static CostPlan Expand(IReadOnlyList<string> kernels, int blocks, long seed)
    {
        var random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        return new CostPlan(seed, [.. Enumerable.Range(0, blocks).Select(_ => Shuffle())]);

        string[] Shuffle()
        {
            var order = kernels.ToArray();
            random.Shuffle(order);
            return order;
        }
    }
}
