// SPDX-License-Identifier: MIT
namespace Reaplab.Verification;

/// <summary>One selftest in one boot.</summary>
/// <param name="Selftest">The program.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">One line that says why it did not pass; empty where it did.</param>
public sealed record SelftestReport(string Selftest, SelftestOutcome Outcome, string Detail = "")
{
    /// <summary>How long the program ran; zero where it did not come to its end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>True unless something is wrong; a skipped program is well, though it proves nothing.</summary>
    public bool IsWell => Outcome is SelftestOutcome.Passed or SelftestOutcome.Skipped;
}
