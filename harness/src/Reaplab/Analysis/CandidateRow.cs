// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>One cell of a candidate's kernel beside the same cell of stock's.</summary>
/// <param name="Candidate">The candidate's cell.</param>
/// <param name="Base">The same scenario and method in stock's kernel; null for a method that only the candidate has.</param>
/// <param name="Contrast">
/// The candidate divided by stock; for a method that only the candidate has, by its reference method in the same kernel.
/// Null where no block holds both.
/// </param>
public sealed record CandidateRow(CellAnalysis Candidate, CellAnalysis? Base, Contrast? Contrast)
{
    /// <summary>
    /// True where memory was left unfreed more often than on stock: the intervals of the two rates lie apart. This needs no
    /// clock, so emulation decides it.
    /// </summary>
    public bool IsFreedLessOften =>
        Base is not null && Candidate.Outcomes.NotFreedRate.Low > Base.Outcomes.NotFreedRate.High;

    /// <summary>True where it is slower than on stock, and by more than the margin that the plan declared.</summary>
    /// <param name="margin">The margin, a ratio above 1.</param>
    public bool IsSlower(double margin) =>
        Base is not null && Contrast is { Verdict: Verdict.Slower } contrast && contrast.Ratio > margin;
}
