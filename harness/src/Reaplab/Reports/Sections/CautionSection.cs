// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Document;

namespace Reaplab.Reports.Sections;

/// <summary>What must be read with care.</summary>
internal static class CautionSection
{
    public static IEnumerable<ReportBlock> Build(RunAnalysis analysis)
    {
        if (analysis.Cautions.Count > 0)
        {
            yield return new ReportBlock.Heading(2, "What must be read with care");
            yield return new ReportBlock.Bullets([
                .. analysis.Cautions.GroupBy(caution => caution.Kind).SelectMany(Items),
            ]);
        }
    }

    private static IEnumerable<string> Items(IGrouping<CautionKind, Caution> cautions) =>
        cautions.Key switch
        {
            // One line for all of them: it is the same sentence for each scenario.
            CautionKind.EmulatedNotDecided =>
            [
                $"{Wording.NotDecided}: {string.Join(", ", cautions.Select(caution => caution.Scenario))}. What makes "
                    + "the difference there is locks, TLB shootdown, zeroing or cache, which TCG does not have.",
            ],
            CautionKind.CoarseSampling =>
            [
                "t90 is known only to within the time between two samples, more than a tenth of it, in "
                    + $"{Cells(cautions)}.",
            ],
            _ => cautions.Select(Item),
        };

    private static string Item(Caution caution) =>
        caution.Kind switch
        {
            CautionKind.Crash => $"{Name(caution)}: the kernel under test CRASHED in {Rows(caution)}.",
            CautionKind.Hang => $"{Name(caution)}: the kernel under test HUNG in {Rows(caution)}.",
            CautionKind.ControlFailed =>
                $"{Name(caution)}: this control should be the same as its reference and is not (ratio "
                    + $"{Numbers.Significant(caution.Value)}). Believe the other numbers only once that is explained.",
            CautionKind.KernelOomKills =>
                $"{Name(caution)}: the kernel's own OOM killer struck {Numbers.Whole(caution.Value)} times.",
            CautionKind.BadSetup =>
                $"{Name(caution)}: {Numbers.Whole(caution.Value * 100)} % of the trials had a bad set-up and are left out.",
            CautionKind.NoTrials => $"{Name(caution)}: no valid trial.",
            CautionKind.Clock => $"{Name(caution)}: {Rows(caution)} measured with a clock other than tsc or kvm-clock.",
            _ => throw new ArgumentOutOfRangeException(nameof(caution), caution.Kind, "not worded"),
        };

    private static string Cells(IEnumerable<Caution> cautions) =>
        string.Join(", ", cautions.Select(caution => $"{Name(caution)} ({Numbers.Whole(caution.Value * 100)} %)"));

    private static string Name(Caution caution) =>
        caution.Cell is { } cell ? $"{cell.Scenario}/{cell.Approach}/{cell.Method}" : caution.Scenario;

    private static string Rows(Caution caution) =>
        caution.Value == 1 ? "1 row" : $"{Numbers.Whole(caution.Value)} rows";
}
