// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>Everything the trials of one cell say.</summary>
public sealed record CellAnalysis
{
    /// <summary>Which cell.</summary>
    public required Cell Cell { get; init; }

    /// <summary>What became of its trials.</summary>
    public required OutcomeCounts Outcomes { get; init; }

    /// <summary>Blocks with at least one counted trial.</summary>
    public required int Blocks { get; init; }

    /// <summary>The measures its trials have.</summary>
    public required IReadOnlyDictionary<Measure, Distribution> Distributions { get; init; }

    /// <summary>Trials by who tore the address space down, most frequent first.</summary>
    public required IReadOnlyList<KeyValuePair<string, int>> TeardownBy { get; init; }

    /// <summary>Who paid; null where it was not measured.</summary>
    public required CpuShares? Cpu { get; init; }

    /// <summary>Comparison with the reference method of the same kernel, per measure; empty for the reference itself.</summary>
    public IReadOnlyDictionary<Measure, Contrast> Contrasts { get; init; } = new Dictionary<Measure, Contrast>();

    /// <summary>Median uncertainty of t90 that sampling leaves, as a share of t90; 0 where unknown.</summary>
    public double Resolution { get; init; }
}
