// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>The rule by which an interval becomes a word; fixed before the run, with the margin in the plan.</summary>
public static class VerdictRule
{
    /// <summary>Judges a comparison.</summary>
    /// <param name="contrast">The comparison, its p value adjusted.</param>
    /// <param name="margin">Equivalence margin, a ratio above 1: 1.10 means within 10 % either way.</param>
    /// <param name="isDecidable">False where emulation cannot decide.</param>
    public static Verdict Decide(Contrast contrast, double margin, bool isDecidable)
    {
        ArgumentNullException.ThrowIfNull(contrast);
        if (contrast.Bound == RatioBound.Unknown)
        {
            return Verdict.None;
        }

        // Said before the number of blocks is looked at: more blocks would not help.
        if (!isDecidable)
        {
            return Verdict.NotDecided;
        }

        if (contrast.Blocks < AnalysisRules.LeastBlocksForVerdict || contrast.Interval is not { } interval)
        {
            return Verdict.None;
        }

        // Within the margin is "same" even when the difference is certain: that is what the margin was declared for.
        if (contrast.Bound == RatioBound.Exact && interval.IsInside(1 / margin, margin))
        {
            return Verdict.Same;
        }

        // A bound can only speak for its own side: at most 0.02 of the reference is faster, however much less it may be.
        var isSignificant = contrast.AdjustedPValue < 1 - AnalysisRules.Confidence;
        return (isSignificant, contrast.Bound) switch
        {
            (true, RatioBound.Exact or RatioBound.AtMost) when interval.High < 1 => Verdict.Faster,
            (true, RatioBound.Exact or RatioBound.AtLeast) when interval.Low > 1 => Verdict.Slower,
            _ => Verdict.Inconclusive,
        };
    }
}
