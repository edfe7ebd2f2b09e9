// SPDX-License-Identifier: MIT
using Reaplab.Trials;

namespace Reaplab.Tests.Trials;

public sealed class CostRunnerTests
{
    [Fact]
    public void A_line_of_the_benchmark_is_read() =>
        Assert.Equal(
            new CostSample(0, 0, "", "", "page_fault", 7, 5296350, 4096),
            CostRunner.Parse("page_fault 7 5296350 4096")
        );

    [Theory]
    [InlineData("")]
    [InlineData("cost: fork: Cannot allocate memory")]
    [InlineData("page_fault 7 5296350")]
    [InlineData("page_fault 7 -1 4096")]
    [InlineData("page_fault 7 5296350 0")]
    [InlineData("page_fault 7 1.5 4096")]
    [InlineData(" 7 5296350 4096")]
    public void Nothing_else_is(string line) => Assert.Null(CostRunner.Parse(line));
}
