// SPDX-License-Identifier: MIT
using Reaplab.BootTests.Support;
using Reaplab.Experiments;
using Reaplab.Kernels;
using Reaplab.Trials;

namespace Reaplab.BootTests;

/// <summary>
/// The approaches' own functional tests in their measured kernels. What needs the debug flavour skips itself here;
/// <c>reaplab verify APPROACH</c> runs it there.
/// </summary>
public sealed class VerificationTests
{
    private static readonly MachineShape Shape = new(2, 1L << 30);

    [Theory(Timeout = 900_000)]
    [InlineData("stock")]
    [InlineData("process-reap")]
    [InlineData("ss-expedite")]
    [InlineData("pf-memalloc")]
    public async Task An_approach_keeps_what_its_cover_letter_says(string approach)
    {
        using var laboratory = await Laboratory.OpenAsync(approach);
        foreach (var selftest in ApproachDefinition.Load(Laboratory.Workspace, approach).Selftests)
        {
            var (status, output) = await RunAsync(laboratory, approach, selftest);
            Assert.True(status is 0 or Selftest.Skipped, $"{selftest} ended with {status}:\n{output}");
            Assert.Contains("1..", output, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_selftest_of_what_the_kernel_lacks_does_not_pass()
    {
        using var laboratory = await Laboratory.OpenAsync("stock");
        var (status, output) = await RunAsync(laboratory, "stock", "process-reap");
        Assert.True(status is not 0, output);
    }

    private static async Task<(int Status, string Output)> RunAsync(
        Laboratory laboratory,
        string approach,
        string selftest
    )
    {
        await using var guest = await Guest.StartAsync(
            laboratory.Context,
            laboratory.Context.Kernels[approach],
            Shape,
            Path.Combine(laboratory.Run.Path, selftest),
            default
        );
        var lines = new List<string>();
        var status = await Selftest.RunAsync(guest, selftest, lines.Add, default);
        return (status, string.Join('\n', lines));
    }
}
