// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Cli.Commands;
using Reaplab.Cli.Verifying;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Tests.Support;
using Reaplab.Verification;

namespace Reaplab.Tests.Cli;

public sealed class VerifyOptionsTests
{
    private static readonly Workspace Checkout = Workspace.Find(SourceFile.Beside("."));

    [Theory]
    [InlineData("process-reap", VerificationKind.OwnSelftests, VerificationKind.KernelSelftests)]
    [InlineData("process-reap --only KernelSelftests", VerificationKind.KernelSelftests)]
    [InlineData("process-reap --stress", VerificationKind.Stress)]
    [InlineData("all --leaks --record", VerificationKind.Leaks)]
    [InlineData("all --stress 30s --leaks", VerificationKind.Stress, VerificationKind.Leaks)]
    public void What_is_asked_for_takes_the_place_of_the_tests(string line, params VerificationKind[] kinds) =>
        Assert.Equal(kinds, VerifyOptions.FindSubjects(Parse(line), Checkout).Select(each => each.Kind));

    [Theory]
    [InlineData("process-reap --stress", 600)]
    [InlineData("process-reap --stress 1min", 60)]
    [InlineData("--stress 30s process-reap", 30)]
    [InlineData("process-reap --leaks", 0)]
    public void A_stress_lasts_as_long_as_it_is_told(string line, double seconds) =>
        Assert.Equal(seconds, VerifyOptions.FindSubjects(Parse(line), Checkout)[0].StressTime.TotalSeconds);

    [Theory]
    [InlineData("--stress process-reap all")]
    [InlineData("all --stress 10")]
    [InlineData("all --stress 0s")]
    public void What_is_no_time_is_refused(string line)
    {
        var error = Assert.Throws<ReaplabException>(() => VerifyOptions.FindSubjects(Parse(line), Checkout));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("not a time such as 10min", error.Message);
    }

    [Theory]
    [InlineData("all", KernelFlavour.Debug)]
    [InlineData("all --timing", KernelFlavour.Timing)]
    [InlineData("all --both", KernelFlavour.Timing, KernelFlavour.Debug)]
    [InlineData("all --both --stacked", KernelFlavour.Timing, KernelFlavour.Debug)]
    [InlineData("all --stress --leaks --stacked", KernelFlavour.Debug)]
    public void The_flavours_are_these(string line, params KernelFlavour[] flavours) =>
        Assert.Equal(flavours, VerifyOptions.FindFlavours(Parse(line)));

    [Theory]
    [InlineData("all --only Stress")]
    [InlineData("all --leaks --only OwnSelftests")]
    public void Only_chooses_between_the_tests(string line) =>
        Assert.Throws<ReaplabException>(() => VerifyOptions.FindSubjects(Parse(line), Checkout));

    [Theory]
    [InlineData("all --stress --timing")]
    [InlineData("all --leaks --both")]
    [InlineData("all --stacked --timing")]
    public void What_needs_debug_is_refused_elsewhere(string line) =>
        Assert.Throws<ReaplabException>(() => VerifyOptions.FindFlavours(Parse(line)));

    private static ParseResult Parse(string line)
    {
        var parsed = VerifyCommand.Create().Parse(line.Split(' '));
        Assert.Empty(parsed.Errors);
        return parsed;
    }
}
