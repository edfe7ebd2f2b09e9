// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Tests.Foundation;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("512MiB", 536870912)]
    [InlineData("4096", 4096)]
    [InlineData("2GiB", 2147483648)]
    [InlineData("7B", 7)]
    public void A_size_is_read_in_binary_units(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1MiB")]
    [InlineData("512MB")]
    [InlineData("1.5GiB")]
    [InlineData("9999999999GiB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(536870912, "512MiB")]
    [InlineData(4097, "4097B")]
    [InlineData(2147483648, "2GiB")]
    public void A_size_is_written_in_its_largest_whole_unit(long bytes, string expected) =>
        Assert.Equal(expected, ByteSize.Format(bytes));

    [Theory]
    [InlineData("2s", 2000)]
    [InlineData("300ms", 300)]
    [InlineData("1.5s", 1500)]
    [InlineData("10min", 600000)]
    public void A_time_is_read(string text, int milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("1,5s")]
    [InlineData("-1s")]
    public void What_is_no_time_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));
}
