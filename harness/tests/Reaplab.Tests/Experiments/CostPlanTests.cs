// SPDX-License-Identifier: MIT
using Reaplab.Experiments;

namespace Reaplab.Tests.Experiments;

public sealed class CostPlanTests
{
    private static readonly string[] Kernels = ["a", "b", "c", "d"];

    [Fact]
    public void Every_block_boots_every_kernel_once()
    {
        var plan = CostPlan.Expand(Kernels, 8, seed: 3);
        Assert.Equal(8, plan.Blocks.Count);
        Assert.All(plan.Blocks, block => Assert.Equal(Kernels, block.Order(StringComparer.Ordinal)));
        Assert.True(plan.Blocks.Select(block => string.Concat(block)).Distinct().Count() > 1);
    }

    [Fact]
    public void The_seed_decides_the_orders()
    {
        Assert.Equal(CostPlan.Expand(Kernels, 8, 3).Blocks, CostPlan.Expand(Kernels, 8, 3).Blocks);
        Assert.NotEqual(CostPlan.Expand(Kernels, 8, 3).Blocks, CostPlan.Expand(Kernels, 8, 4).Blocks);
    }
}
