// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Document;
using Reaplab.Trials;

namespace Reaplab.Reports.Sections;

/// <summary>Where the numbers come from; the manifest holds the rest.</summary>
internal static class ProvenanceSection
{
    public static IEnumerable<ReportBlock> Build(RunAnalysis analysis)
    {
        var manifest = analysis.Manifest;
        yield return new ReportBlock.Heading(2, "Where the numbers come from");
        yield return new ReportBlock.Facts([
            ("plan hash", manifest.PlanHash),
            ("seed", manifest.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("harness", manifest.Harness),
            ("session", manifest.SshSession),
            ("qemu", manifest.Qemu),
            ("image", Short(manifest.ImageHash)),
            .. manifest.Kernels.Select(Kernel),
            .. manifest.Host.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)),
        ]);
        yield return new ReportBlock.Prose(
            "Units are blocks: each kernel booted once, in random order. Ratios: Hodges-Lehmann over the blocks' log "
                + "ratios of medians, with the exact signed rank interval; verdicts by Wilcoxon's signed rank test, "
                + "Holm over the methods of a scenario. Times: medians over all trials, bootstrap over blocks (rough, and too narrow, with few); p99 from "
                + $"{AnalysisRules.LeastTrialsForP99} trials on. Rates: Wilson. A time beyond the limit is never "
                + "averaged in; the first trial of a method after a boot is kept as a row and left out. end: 99 % free. "
                + "exited: process gone before the window closed. CPU: shares of what all three spent."
        );
    }

    private static (string, string) Kernel(KernelManifest kernel) =>
        (kernel.Approach, $"{kernel.SourceVersion}, build {Short(kernel.Hash)}, {kernel.Compiler}");

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
