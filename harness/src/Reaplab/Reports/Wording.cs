// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Analysis.Statistics;

namespace Reaplab.Reports;

/// <summary>The words that stand for typed results, the same in every output.</summary>
internal static class Wording
{
    public const string EmulatedLabel = "emulated (TCG)";

    public const string NotDecided = "emulated: not decided";

    private static string Of(Verdict verdict) =>
        verdict switch
        {
            Verdict.None => "-",
            Verdict.Faster => "faster",
            Verdict.Slower => "slower",
            Verdict.Same => "same",
            Verdict.Inconclusive => "inconclusive",
            Verdict.NotDecided => NotDecided,
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "not a verdict"),
        };

    /// <summary>The judgement of a comparison, or why there is none.</summary>
    public static string VerdictOf(Contrast contrast) =>
        contrast.Bound == RatioBound.Unknown ? "beyond the limit" : Of(contrast.Verdict);

    /// <summary>A measure as the head of a column.</summary>
    public static string Short(Measure measure) =>
        measure switch
        {
            Measure.MemoryGone => "t90",
            Measure.MemoryFirst => "first",
            Measure.MemoryEnd => "end",
            Measure.ProcessGone => "exit",
            Measure.Usable => "usable",
            Measure.Decision => "decision",
            Measure.ReapCall => "reap_call",
            Measure.Operation => "operation",
            _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "not a measure"),
        };

    public static string AxisLabel(Measure measure) =>
        measure switch
        {
            Measure.MemoryGone => "t90: time from the kill until 90 % of the memory is free, ms",
            Measure.Decision => "time from the decision to kill until the kill, ms",
            _ => $"{Short(measure)}, ms",
        };

    /// <summary>A scenario as the heading of a group; it says so where not the freeing is measured.</summary>
    public static string Group(ScenarioAnalysis scenario) =>
        scenario.Scenario.Decides ? $"{scenario.Scenario.Name} (decision to kill)" : scenario.Scenario.Name;

    /// <summary>The comparisons of a scenario's primary measure.</summary>
    public static IEnumerable<Contrast> PrimaryContrasts(ScenarioAnalysis scenario) =>
        scenario.Cells.Select(cell => cell.Contrasts.GetValueOrDefault(scenario.Primary)).OfType<Contrast>();

    /// <summary>A verdict in few letters, where the text above says what emulation does not decide, and why.</summary>
    public static string ShortVerdictOf(Contrast contrast) =>
        contrast.Verdict == Verdict.NotDecided ? "not decided" : VerdictOf(contrast);

    public static string Ratio(Contrast contrast) =>
        contrast.Bound == RatioBound.Unknown ? "-" : Prefix(contrast.Bound) + Numbers.Significant(contrast.Ratio);

    /// <summary>The interval of a ratio; an end that a bound leaves open is left out.</summary>
    public static string RatioInterval(Contrast contrast)
    {
        if (contrast.Interval is not { } interval)
        {
            return "-";
        }

        var low = Numbers.Significant(interval.Low);
        var high = Numbers.Significant(interval.High);
        return contrast.Bound switch
        {
            RatioBound.AtMost => $"[0, {high}]",
            RatioBound.AtLeast => $"[{low}, inf]",
            _ => $"[{low}, {high}]",
        };
    }

    public static string Milliseconds(CensoredValue nanoseconds) =>
        (nanoseconds.IsCensored ? "> " : "") + Numbers.Significant(nanoseconds.Value / 1e6);

    public static string Milliseconds(CensoredInterval? interval) =>
        interval is { } both
            ? $"[{(both.Low.IsCensored ? ">" : "")}{Numbers.Significant(both.Low.Value / 1e6)}, "
                + $"{(both.High.IsCensored ? ">" : "")}{Numbers.Significant(both.High.Value / 1e6)}]"
            : "-";

    /// <summary>"2/30 [2, 21]%": a count with Wilson's interval for the rate.</summary>
    public static string Rate(int count, int total, Interval rate) =>
        total == 0
            ? "-"
            : $"{Numbers.Whole(count)}/{Numbers.Whole(total)} "
                + $"[{Numbers.Whole(rate.Low * 100)}, {Numbers.Whole(rate.High * 100)}]%";

    /// <summary>"v28 -2": torn down by the victim in 28 trials, by nobody before the window closed in 2.</summary>
    public static string Teardown(CellAnalysis cell) =>
        string.Join(" ", cell.TeardownBy.Select(pair => Letter(pair.Key) + Numbers.Whole(pair.Value)));

    private static string Letter(string who) =>
        who switch
        {
            "victim" => "v",
            "killer" => "k",
            "kthread" => "t",
            "none" => "-",
            _ => "o",
        };

    public static string Cpu(CpuShares? cpu) =>
        cpu is null
            ? "-"
            : $"{Numbers.Whole(cpu.Victim * 100)}/{Numbers.Whole(cpu.Killer * 100)}/"
                + Numbers.Whole(cpu.KernelThread * 100);

    /// <summary>"+1.2 %" for a ratio of 1.012.</summary>
    public static string Percent(double ratio)
    {
        var text = Numbers.Fixed((ratio - 1) * 100, 1);
        return (text.StartsWith('-') ? "" : "+") + text;
    }

    private static string Prefix(RatioBound bound) =>
        bound switch
        {
            RatioBound.AtMost => "<",
            RatioBound.AtLeast => ">",
            _ => "",
        };
}
