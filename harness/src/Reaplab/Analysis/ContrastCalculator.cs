// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;

namespace Reaplab.Analysis;

/// <summary>Compares two cells, paired by block.</summary>
internal static class ContrastCalculator
{
    /// <summary>The comparison, not yet judged; null when no block holds both cells.</summary>
    public static Contrast? Compare(
        TrialTable trials,
        ContrastKind kind,
        Measure measure,
        Cell subject,
        Cell reference
    ) =>
        Compare(
            PairedRatio.Of(trials.ByBlock(subject, measure), trials.ByBlock(reference, measure)),
            kind,
            measure,
            subject,
            reference
        );

    /// <summary>The comparison of values that are already paired, not yet judged; null when no block holds both cells.</summary>
    public static Contrast? Compare(
        PairedRatio paired,
        ContrastKind kind,
        Measure measure,
        Cell subject,
        Cell reference
    )
    {
        if (paired.LogRatios.Count == 0 && paired.Bound != RatioBound.Unknown)
        {
            return null;
        }

        var isKnown = paired.Bound != RatioBound.Unknown;
        return new Contrast
        {
            Kind = kind,
            Measure = measure,
            Subject = subject,
            Reference = reference,
            Blocks = paired.LogRatios.Count,
            ReferenceBlocks = paired.ReferenceBlocks,
            Bound = paired.Bound,
            Ratio = isKnown ? Math.Exp(HodgesLehmann.Estimate(paired.LogRatios)) : double.NaN,
            Interval = HodgesLehmann.ConfidenceInterval(paired.LogRatios, AnalysisRules.Confidence)?.Map(Math.Exp),
            PValue = isKnown ? SignedRank.Test(paired.LogRatios).PValue : 1,
        };
    }

    /// <summary>Adjusts the p values of one family of questions and judges each.</summary>
    /// <param name="family">Comparisons that a reader looks through for something that differs.</param>
    /// <param name="margin">Equivalence margin of the plan, a ratio above 1.</param>
    /// <param name="isDecidable">False where emulation cannot decide.</param>
    public static IReadOnlyList<Contrast> Judge(IReadOnlyList<Contrast> family, double margin, bool isDecidable)
    {
        var adjusted = Holm.Adjust([.. family.Select(contrast => contrast.PValue)]);
        return
        [
            .. family.Select(
                (contrast, index) =>
                {
                    var withP = contrast with { AdjustedPValue = adjusted[index] };
                    return withP with { Verdict = VerdictRule.Decide(withP, margin, isDecidable) };
                }
            ),
        ];
    }
}
