// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Document;

namespace Reaplab.Reports.Sections;

/// <summary>What was run, how much of it, and how to read the rest.</summary>
internal static class HeaderSection
{
    public static IEnumerable<ReportBlock> Build(RunAnalysis analysis)
    {
        var manifest = analysis.Manifest;
        yield return new ReportBlock.Heading(1, "How soon is the memory of a killed process free?");
        yield return new ReportBlock.Facts([
            ("run", manifest.Run),
            ("plan", $"{manifest.Plan}, {analysis.Blocks} of {manifest.BlocksPlanned} blocks"),
            ("base", manifest.Base),
            ("kernels", string.Join(", ", manifest.Kernels.Select(kernel => kernel.Approach))),
            ("accelerator", $"{manifest.Accelerator}: {manifest.AcceleratorReason}"),
        ]);
        if (analysis.IsEmulated)
        {
            yield return new ReportBlock.Prose(
                "EMULATED (TCG). Ratios that scheduling causes hold (frozen, D state, throttled, starved). Effects of "
                    + $"locks, TLB shootdown, zeroing, cache or layout are marked \"{Wording.NotDecided}\". No "
                    + "millisecond below can be compared with hardware, or cited."
            );
        }

        if (!analysis.HasVerdicts)
        {
            yield return new ReportBlock.Prose(
                $"{Blocks(analysis.Blocks)}: {(analysis.Blocks > 1 ? "intervals, no verdicts" : "neither intervals nor verdicts")} "
                    + $"(a verdict needs {AnalysisRules.LeastBlocksForVerdict} blocks). The interval of a ratio is exact, "
                    + "and reaches no more confidence than its column names: few blocks cannot give more."
            );
        }

        yield return new ReportBlock.Prose(
            "Ratio: time from the kill until 90 % of the victim's memory is free (t90), divided by the same time of the "
                + "reference method (kill) in the same kernel, paired by block; below 1 is sooner. \"<\": the reference "
                + "did not free within the limit, so the ratio is at most this. \">\": the method itself did not. The "
                + $"margin within which two methods count as the same is {Numbers.Significant(1 / manifest.Margin)} to "
                + $"{Numbers.Significant(manifest.Margin)}, declared in the plan."
        );
    }

    public static string Blocks(int count) => count == 1 ? "1 block" : $"{Numbers.Whole(count)} blocks";
}
