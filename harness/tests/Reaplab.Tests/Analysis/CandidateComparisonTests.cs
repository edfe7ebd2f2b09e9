// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Cli.Trying;
using Reaplab.Foundation;
using Line = Reaplab.Tests.Analysis.SyntheticRun.Line;

namespace Reaplab.Tests.Analysis;

public sealed class CandidateComparisonTests
{
    [Theory]
    [InlineData("tcg", "throttled", 1.5, ExitCode.Regression)]
    [InlineData("kvm", "idle", 1.5, ExitCode.Regression)]
    // What emulation cannot decide is no regression, however large it looks.
    [InlineData("tcg", "idle", 1.5, ExitCode.Success)]
    [InlineData("kvm", "idle", 1.0, ExitCode.Success)]
    [InlineData("kvm", "idle", 0.5, ExitCode.Success)]
    public void Slower_than_the_base_beyond_the_margin_is_a_step_back(
        string accelerator,
        string scenario,
        double factor,
        ExitCode expected
    )
    {
        var comparison = Compare(
            10,
            accelerator,
            new Line("stock", "kill", scenario, 180, 200),
            new Line("candidate", "kill", scenario, 180 * factor, 200)
        );
        Assert.Equal(expected, CandidateTrial.Judge(ExitCode.Success, comparison));
    }

    [Fact]
    public void Slower_within_the_margin_is_none()
    {
        var comparison = Compare(
            10,
            "kvm",
            new Line("stock", "kill", "idle", 180, 200, Trials: 20),
            new Line("candidate", "kill", "idle", 180 * 1.06, 200, Trials: 20)
        );
        Assert.Empty(comparison.Regressions);
    }

    [Fact]
    public void Memory_freed_less_often_is_a_step_back_even_under_emulation_and_in_few_blocks()
    {
        var comparison = Compare(
            3,
            "tcg",
            new Line("stock", "process_mrelease", "frozen-v1", 120, 0, Trials: 6),
            new Line("candidate", "process_mrelease", "frozen-v1", 5000, 0, Trials: 6)
        );
        Assert.True(Assert.Single(comparison.Regressions).IsFreedLessOften);
    }

    [Fact]
    public void A_method_that_only_the_candidate_has_is_compared_in_its_own_kernel_and_never_a_step_back()
    {
        var comparison = Compare(
            10,
            "kvm",
            new Line("stock", "kill", "idle", 180, 200),
            new Line("candidate", "kill", "idle", 180, 200),
            new Line("candidate", "process_reap", "idle", 400, 420)
        );
        var own = comparison.Scenarios[0].Rows.Single(row => row.Base is null);
        Assert.Equal(new Cell("candidate", "kill", "idle"), own.Contrast?.Reference);
        Assert.Equal(Verdict.Slower, own.Contrast?.Verdict);
        Assert.Empty(comparison.Regressions);
    }

    [Fact]
    public void Trouble_of_the_run_itself_comes_before_what_its_numbers_say()
    {
        var comparison = Compare(
            10,
            "kvm",
            new Line("stock", "kill", "idle", 180, 200),
            new Line("candidate", "kill", "idle", 400, 420)
        );
        Assert.Equal(ExitCode.KernelCrash, CandidateTrial.Judge(ExitCode.KernelCrash, comparison));
    }

    private static CandidateComparison Compare(int blocks, string accelerator, params Line[] lines) =>
        CandidateComparison.Compare(SyntheticRun.Create(blocks, lines, accelerator: accelerator), "candidate");
}
