// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;

namespace Reaplab.Analysis;

/// <summary>Log ratios of two cells' medians, one per block: the unit of every comparison.</summary>
internal sealed record PairedRatio(IReadOnlyList<double> LogRatios, RatioBound Bound, int ReferenceBlocks)
{
    /// <summary>Pairs two cells by block.</summary>
    /// <param name="subject">Values of the cell in question by block.</param>
    /// <param name="reference">Values of its reference by block.</param>
    public static PairedRatio Of(
        IReadOnlyDictionary<int, List<CensoredValue>> subject,
        IReadOnlyDictionary<int, List<CensoredValue>> reference
    )
    {
        var substitute = NeverReached(reference);
        var logRatios = new List<double>();
        var bounds = new HashSet<RatioBound>();
        var referenceBlocks = 0;
        foreach (var (block, values) in subject)
        {
            CensoredValue against;
            if (reference.TryGetValue(block, out var others))
            {
                against = CensoredSample.Create(others).Median();
                referenceBlocks++;
            }
            else if (substitute is { } limit)
            {
                against = limit;
            }
            else
            {
                continue;
            }

            var median = CensoredSample.Create(values).Median();
            bounds.Add(BoundOf(median, against));
            logRatios.Add(Math.Log(median.Value / against.Value));
        }

        var bound = Combine(bounds);
        return new PairedRatio(bound == RatioBound.Unknown ? [] : logRatios, bound, referenceBlocks);
    }

    /// <summary>
    /// A plan stops a reference that frees in no trial of its first blocks, since every further trial costs the whole limit
    /// and says the same. The limit then stands for it in the later blocks; a reference that freed even once gets no
    /// substitute.
    /// </summary>
    private static CensoredValue? NeverReached(IReadOnlyDictionary<int, List<CensoredValue>> reference)
    {
        var all = reference.Values.SelectMany(values => values).ToList();
        return all.Count > 0 && all.TrueForAll(value => value.IsCensored) ? all.Min() : null;
    }

    private static RatioBound BoundOf(CensoredValue subject, CensoredValue reference) =>
        (subject.IsCensored, reference.IsCensored) switch
        {
            (false, false) => RatioBound.Exact,
            (false, true) => RatioBound.AtMost,
            (true, false) => RatioBound.AtLeast,
            (true, true) => RatioBound.Unknown,
        };

    private static RatioBound Combine(HashSet<RatioBound> bounds)
    {
        bounds.Remove(RatioBound.Exact);
        return bounds.Count switch
        {
            0 => RatioBound.Exact,
            1 => bounds.Single(),
            _ => RatioBound.Unknown,
        };
    }
}
