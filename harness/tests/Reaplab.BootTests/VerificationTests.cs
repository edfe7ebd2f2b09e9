// SPDX-License-Identifier: MIT
using Reaplab.BootTests.Support;
using Reaplab.Kernels;
using Reaplab.Verification;

namespace Reaplab.BootTests;

/// <summary>
/// Approaches' own functional tests in their measured kernels: a few always, the others unless the record says that just
/// this content has passed. What needs the debug flavour skips itself here; <c>reaplab verify APPROACH</c> runs it there.
/// </summary>
public sealed class VerificationTests
{
    public static TheoryData<string> Approaches =>
        [.. new VerificationSubjects(Laboratory.Workspace).FindForTests().Select(approach => approach.Name.Value)];

    [Theory(Timeout = 900_000)]
    [MemberData(nameof(Approaches))]
    public async Task An_approach_keeps_what_its_cover_letter_says(string approach)
    {
        using var laboratory = await Laboratory.OpenAsync(approach);
        foreach (var selftest in ApproachDefinition.Load(Laboratory.Workspace, approach).Selftests)
        {
            var (report, output) = await RunAsync(laboratory, approach, selftest);
            Assert.True(report.IsWell, $"{report}\n{output}");
            Assert.Contains("1..", output, StringComparison.Ordinal);
        }
    }

    /// <summary>One whole proposal stands for all here: <c>reaplab verify all</c> does it for every approach.</summary>
    [Fact(Timeout = 900_000)]
    public async Task The_kernels_own_selftests_pass_as_on_stock()
    {
        const string Approach = "process-reap";
        using var laboratory = await Laboratory.OpenAsync(ApproachDefinition.Stock, Approach);
        var kernels = laboratory.Context.Kernels;
        var programs = await new KernelBuilder(Laboratory.Workspace).BuildSelftestsAsync(
            kernels[Approach].Base,
            KernelBuildOptions.Default,
            new Silence(),
            TestContext.Current.CancellationToken
        );
        var runner = new KernelSelftestRunner(laboratory.Context, programs, laboratory.Run.Path);
        var passed = 0;
        foreach (var program in runner.Programs)
        {
            var lines = new List<string>();
            var comparison = await runner.RunAsync(
                kernels[ApproachDefinition.Stock],
                kernels[Approach],
                program,
                lines.Add,
                TestContext.Current.CancellationToken
            );
            Assert.True(comparison.Report.IsWell, $"{comparison.Report}\n{string.Join('\n', lines)}");
            passed += comparison.OnApproach.Cases.Count(each => each.Outcome == TapOutcome.Passed);
        }

        // Programs that cannot start would agree with each other as well.
        Assert.True(passed >= runner.Programs.Count, $"only {passed} cases passed in {runner.Programs.Count} programs");
    }

    [Fact(Timeout = 300_000)]
    public async Task A_selftest_of_what_the_kernel_lacks_does_not_pass()
    {
        using var laboratory = await Laboratory.OpenAsync("stock");
        var (report, output) = await RunAsync(laboratory, "stock", "process-reap");
        Assert.True(report.Outcome is SelftestOutcome.Skipped or SelftestOutcome.Failed, $"{report}\n{output}");
    }

    private static async Task<(SelftestReport Report, string Output)> RunAsync(
        Laboratory laboratory,
        string approach,
        string selftest
    )
    {
        var lines = new List<string>();
        var runner = new Selftest(laboratory.Context, laboratory.Run.Path);
        var report = await runner.RunAsync(
            laboratory.Context.Kernels[approach],
            selftest,
            lines.Add,
            TestContext.Current.CancellationToken
        );
        return (report, string.Join('\n', lines));
    }
}
