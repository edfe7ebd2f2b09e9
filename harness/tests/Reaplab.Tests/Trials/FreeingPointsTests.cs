// SPDX-License-Identifier: MIT
using Reaplab.Trials;

namespace Reaplab.Tests.Trials;

public sealed class FreeingPointsTests
{
    private const long MiB = 1L << 20;

    private static long[][] Samples(params long[][] samples) => samples;

    [Fact]
    public void Each_point_is_the_first_sample_that_shows_it()
    {
        var samples = Samples(
            [0, 0, 512 * MiB],
            [1000, 2000, 474 * MiB],
            [4000, 5000, 250 * MiB],
            [8000, 9000, 40 * MiB],
            [9000, 9900, 1 * MiB]
        );
        var points = FreeingPoints.From(samples, 512 * MiB, 511 * MiB);
        Assert.Equal(new FreeingPoints(2000, 5000, 9000, 9900, 8000), points);
    }

    [Fact]
    public void A_point_not_reached_is_null_and_never_zero()
    {
        var points = FreeingPoints.From(Samples([0, 0, 512 * MiB], [10, 20, 300 * MiB]), 512 * MiB, 510 * MiB);
        Assert.Equal(new FreeingPoints(20, null, null, null, null), points);
    }

    [Fact]
    public void Nothing_held_gives_no_points()
    {
        Assert.Equal(
            new FreeingPoints(null, null, null, null, null),
            FreeingPoints.From(Samples([0, 0, 5], [1, 2, 0]), 5, 0)
        );
    }
}
