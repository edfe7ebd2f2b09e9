// SPDX-License-Identifier: MIT
namespace Reaplab.Verification;

/// <summary>One of the kernel's own selftests in one boot of one kernel.</summary>
/// <param name="Report">How the program and the kernel ended.</param>
/// <param name="Cases">What the program says of its cases.</param>
/// <param name="BailOut">Why it gave up before the last; empty where it did not.</param>
public sealed record KernelSelftestRun(SelftestReport Report, IReadOnlyCollection<TapCase> Cases, string BailOut = "")
{
    /// <summary>The program.</summary>
    public string Program => Report.Selftest;

    /// <summary>True where the case ran and passed.</summary>
    internal bool HasPassed(int number) =>
        Cases.Any(each => each.Number == number && each.Outcome == TapOutcome.Passed);
}
