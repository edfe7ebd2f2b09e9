// SPDX-License-Identifier: MIT
using Reaplab.Cli.Commands;
using Reaplab.Foundation;
using Reaplab.Verification;

namespace Reaplab.Tests.Cli;

public sealed class VerifyCommandTests
{
    [Theory]
    [InlineData(ExitCode.Success, SelftestOutcome.Passed, SelftestOutcome.Skipped)]
    [InlineData(ExitCode.Regression, SelftestOutcome.Skipped, SelftestOutcome.Skipped)]
    [InlineData(ExitCode.Regression, SelftestOutcome.Passed, SelftestOutcome.Failed)]
    [InlineData(ExitCode.Regression, SelftestOutcome.Complained, SelftestOutcome.Passed)]
    [InlineData(ExitCode.Regression, SelftestOutcome.HostTrouble, SelftestOutcome.Failed)]
    [InlineData(ExitCode.KernelCrash, SelftestOutcome.Failed, SelftestOutcome.Crashed)]
    [InlineData(ExitCode.Infrastructure, SelftestOutcome.HostTrouble, SelftestOutcome.Passed)]
    public void The_worst_of_the_selftests_decides_and_one_must_have_run(
        ExitCode expected,
        SelftestOutcome first,
        SelftestOutcome second
    ) => Assert.Equal(expected, VerifyCommand.Judge([new("a", first), new("b", second)]).Code);
}
