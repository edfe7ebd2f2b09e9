// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Tests;

public sealed class FoundationTests
{
    [Theory]
    [InlineData("512MiB", 536870912)]
    [InlineData("4096", 4096)]
    public void A_size_is_read_in_binary_units(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }
}
