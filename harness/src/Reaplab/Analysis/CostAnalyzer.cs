// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>Compares micro-benchmarks of series' kernels with stock's, paired by block as trials are.</summary>
public static class CostAnalyzer
{
    /// <summary>
    /// Within 5 % two kernels count as the same: their layouts differ, which alone moves a path of some microseconds by a
    /// few per cent.
    /// </summary>
    public const double Margin = 1.05;

    /// <summary>Caches, slabs, page lists, and an emulator's translations fill in the first rounds of a boot.</summary>
    private const int WarmupRounds = 5;

    private const string Scenario = "cost";

    /// <summary>Compares.</summary>
    /// <param name="subjects">The series.</param>
    /// <param name="samples">The rows.</param>
    /// <param name="isEmulated">True where effects of cache and layout can't be decided.</param>
    /// <returns>In the order of <paramref name="subjects"/>.</returns>
    public static IReadOnlyList<SeriesCost> Analyze(
        IReadOnlyList<CostSubject> subjects,
        IReadOnlyList<CostSample> samples,
        bool isEmulated
    )
    {
        ArgumentNullException.ThrowIfNull(subjects);
        ArgumentNullException.ThrowIfNull(samples);
        var table = samples
            .Where(row => row.Round > WarmupRounds)
            .GroupBy(row => (row.Kernel, row.Operation))
            .ToDictionary(group => group.Key, ByBlock);
        var operations = samples.Select(row => row.Operation).Distinct(StringComparer.Ordinal).ToList();
        var costs = subjects.ToDictionary(subject => subject.Approach, _ => new List<OperationCost>());
        foreach (var operation in operations)
        {
            var found = subjects.Select(subject => Compare(table, subject, operation)).OfType<OperationCost>().ToList();
            // The noise floor asks whether the measuring can be believed, which emulation may answer.
            foreach (var isFloor in new[] { true, false })
            {
                var family = found.Where(each => (each.Contrast.Kind == ContrastKind.NoiseFloor) == isFloor).ToList();
                var judged = ContrastCalculator.Judge(
                    [.. family.Select(each => each.Contrast)],
                    Margin,
                    isFloor || !isEmulated
                );
                foreach (var (cost, contrast) in family.Zip(judged))
                {
                    costs[contrast.Subject.Approach].Add(cost with { Contrast = contrast });
                }
            }
        }

        return [.. subjects.Select(subject => new SeriesCost(subject, costs[subject.Approach]))];
    }

    private static OperationCost? Compare(
        Dictionary<(string Kernel, string Operation), SortedDictionary<int, List<CensoredValue>>> table,
        CostSubject subject,
        string operation
    )
    {
        if (
            !table.TryGetValue((subject.Kernel, operation), out var values)
            || !table.TryGetValue((subject.Stock, operation), out var reference)
        )
        {
            return null;
        }

        var contrast = ContrastCalculator.Compare(
            PairedRatio.Of(values, reference),
            subject.Approach == AnalysisRules.Noop ? ContrastKind.NoiseFloor : ContrastKind.PatchCost,
            Measure.Operation,
            new Cell(subject.Approach, operation, Scenario),
            new Cell(AnalysisRules.Stock, operation, Scenario)
        );
        return contrast is null ? null : new OperationCost(operation, Median(reference), Median(values), contrast);
    }

    private static SortedDictionary<int, List<CensoredValue>> ByBlock(IEnumerable<CostSample> rows) =>
        new(
            rows.GroupBy(row => row.Block)
                .ToDictionary(
                    group => group.Key,
                    group => group.Select(row => CensoredValue.Reached((double)row.Nanoseconds / row.Count)).ToList()
                )
        );

    private static double Median(SortedDictionary<int, List<CensoredValue>> blocks) =>
        CensoredSample.CreateGrouped(blocks.Values).Median().Value;
}
