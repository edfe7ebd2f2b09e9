// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;

namespace Reaplab.Analysis;

/// <summary>A cell compared with its reference, paired by block. Ratios below 1 mean sooner than the reference.</summary>
public sealed record Contrast
{
    /// <summary>What the comparison is for.</summary>
    public required ContrastKind Kind { get; init; }

    /// <summary>The duration compared.</summary>
    public required Measure Measure { get; init; }

    /// <summary>The cell in question.</summary>
    public required Cell Subject { get; init; }

    /// <summary>The cell it is divided by.</summary>
    public required Cell Reference { get; init; }

    /// <summary>Blocks in which both cells have trials, or whose reference is known by <see cref="ReferenceBlocks"/>.</summary>
    public required int Blocks { get; init; }

    /// <summary>
    /// Blocks in which the reference was run. Fewer than <see cref="Blocks"/> where the plan stops a reference that never
    /// frees: the other blocks then take its limit as the bound.
    /// </summary>
    public required int ReferenceBlocks { get; init; }

    /// <summary>What <see cref="Ratio"/> means.</summary>
    public required RatioBound Bound { get; init; }

    /// <summary>Hodges-Lehmann estimate over the blocks' ratios of medians; NaN when unknown.</summary>
    public required double Ratio { get; init; }

    /// <summary>Its interval; null for one block or when unknown.</summary>
    public required Interval? Interval { get; init; }

    /// <summary>Signed rank p value, two-sided; 1 when unknown.</summary>
    public required double PValue { get; init; }

    /// <summary>The p value after Holm over the methods compared in the same scenario.</summary>
    public double AdjustedPValue { get; init; } = 1;

    /// <summary>The judgement.</summary>
    public Verdict Verdict { get; init; }
}
