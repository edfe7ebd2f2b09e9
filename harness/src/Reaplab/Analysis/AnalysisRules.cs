// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>The rules of judgement that were fixed before any run, each with its reason.</summary>
public static class AnalysisRules
{
    /// <summary>Confidence of every interval, and one minus the level of every test.</summary>
    public const double Confidence = 0.95;

    /// <summary>
    /// Fewer blocks give intervals and no verdict: with eight, the smallest two-sided signed rank p is 0.008, which leaves
    /// room for Holm over the methods of a scenario; with five it could never pass 0.05 at all.
    /// </summary>
    public const int LeastBlocksForVerdict = 8;

    /// <summary>Below this a p99 would rest on fewer than three trials, so the maximum is shown instead.</summary>
    public const int LeastTrialsForP99 = 300;

    /// <summary>The kernel without patches: reference of what a patch costs those who don't use it.</summary>
    public const string Stock = "stock";

    /// <summary>The kernel whose patch changes no behaviour: its difference from stock is the noise floor.</summary>
    public const string Noop = "noop";

    /// <summary>The plain scenario, which the frozen-v2 control must equal.</summary>
    public const string IdleScenario = "idle";

    /// <summary>Control: a victim in the v2 freezer still dies, so each cell equals the same cell of idle.</summary>
    public const string FrozenV2Scenario = "frozen-v2";

    /// <summary>Control: shared memory is not freed by reaping, so every method equals plain kill.</summary>
    public const string SharedScenario = "shared";

    /// <summary>Name of the emulating accelerator in manifests and rows.</summary>
    public const string Emulated = "tcg";
}
