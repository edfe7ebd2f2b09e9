// SPDX-License-Identifier: MIT
using Reaplab.Verification;

namespace Reaplab.Tests.Verification;

public sealed class TapReaderTests
{
    private readonly TapReader reader = new();

    [Theory]
    [InlineData("ok 1 test_cgkill_simple", 1, "test_cgkill_simple", TapOutcome.Passed)]
    [InlineData("ok 2 - with a dash", 2, "with a dash", TapOutcome.Passed)]
    [InlineData("not ok 3 global.wait_states", 3, "global.wait_states", TapOutcome.Failed)]
    [InlineData("ok 4 # SKIP time namespaces", 4, "time namespaces", TapOutcome.Skipped)]
    [InlineData("ok 5 child.fetch_fd # SKIP kcmp is off", 5, "child.fetch_fd kcmp is off", TapOutcome.Skipped)]
    [InlineData("not ok 6 a # SKIP b", 6, "a b", TapOutcome.Skipped)]
    [InlineData("ok 7 # XFAIL known", 7, "known", TapOutcome.Skipped)]
    [InlineData("not ok 8 # error it says", 8, "# error it says", TapOutcome.Failed)]
    [InlineData("ok 9", 9, "", TapOutcome.Passed)]
    public void A_case_is_read(string line, int number, string name, TapOutcome outcome)
    {
        reader.Take(line);
        Assert.Equal(new TapCase(number, name, outcome), Assert.Single(reader.Cases));
    }

    [Theory]
    [InlineData("TAP version 13")]
    [InlineData("1..8")]
    [InlineData("# ok 1 said in a remark")]
    [InlineData("    ok 1 of a subtest")]
    [InlineData("#            OK  global.wait_simple")]
    [InlineData("ok then")]
    [InlineData("not ok at all")]
    public void Nothing_else_is_a_case(string line)
    {
        reader.Take(line);
        Assert.Empty(reader.Cases);
    }

    [Fact]
    public void Of_a_repeated_program_the_last_word_counts()
    {
        foreach (var line in new[] { "not ok 2 b", "ok 1 a", "# host trouble, trying again", "ok 1 a", "ok 2 b" })
        {
            reader.Take(line);
        }

        Assert.Equal([1, 2], reader.Cases.Select(each => each.Number));
        Assert.All(reader.Cases, each => Assert.Equal(TapOutcome.Passed, each.Outcome));
    }

    [Fact]
    public void Why_it_gave_up_is_kept()
    {
        reader.Take("Bail out! Failed to unshare pid namespace");
        Assert.Equal("Failed to unshare pid namespace", reader.BailOut);
    }
}
