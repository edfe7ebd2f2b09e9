// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Foundation;
using Reaplab.Trials;
using Line = Reaplab.Tests.Analysis.SyntheticRun.Line;

namespace Reaplab.Tests.Analysis;

public class RunAnalyzerTests
{
    private static readonly Line Kill = new("stock", "kill", "throttled", 3900, 4200);
    private static readonly Line Mrelease = new("stock", "process_mrelease", "throttled", 150, 4200);
    private static readonly Line StuckKill = new("stock", "kill", "d-state", 9000, 0) { FirstBlocks = 2 };
    private static readonly Line StuckMrelease = new("stock", "process_mrelease", "d-state", 120, 0);

    private static RunAnalysis Analyze(int blocks, string accelerator, params Line[] lines) =>
        RunAnalyzer.Analyze(SyntheticRun.Create(blocks, lines, accelerator: accelerator));

    private static CellAnalysis Cell(RunAnalysis analysis, Line line) =>
        analysis.Scenarios.Single(s => s.Scenario.Name == line.Scenario).Find(line.Approach, line.Method)!;

    private static Contrast Contrast(RunAnalysis analysis, Line line) =>
        Cell(analysis, line).Contrasts[analysis.Scenarios.Single(s => s.Scenario.Name == line.Scenario).Primary];

    private static RunData Change(RunData data, Func<TrialRecord, TrialRecord> change) =>
        data with
        {
            Trials = [.. data.Trials.Select(change)],
        };

    [Fact]
    public void A_method_that_frees_sooner_in_every_block_is_faster()
    {
        var contrast = Contrast(Analyze(10, "tcg", Kill, Mrelease), Mrelease);
        Assert.Equal(Verdict.Faster, contrast.Verdict);
        Assert.Equal(150.0 / 3900, contrast.Ratio, 0.005);
        Assert.Equal(RatioBound.Exact, contrast.Bound);
        Assert.Equal(10, contrast.Blocks);
        Assert.InRange(contrast.Interval!.Value.Confidence, 0.95, 0.96);
    }

    [Fact]
    public void A_method_that_frees_later_in_every_block_is_slower()
    {
        var slow = Mrelease with { Milliseconds = 12000 };
        Assert.Equal(Verdict.Slower, Contrast(Analyze(10, "tcg", Kill, slow), slow).Verdict);
    }

    [Fact]
    public void Seven_blocks_give_an_interval_and_no_verdict()
    {
        var contrast = Contrast(Analyze(7, "tcg", Kill, Mrelease), Mrelease);
        Assert.Equal(Verdict.None, contrast.Verdict);
        Assert.NotNull(contrast.Interval);
    }

    [Fact]
    public void Three_blocks_say_that_their_interval_reaches_75_percent() =>
        Assert.Equal(0.75, Contrast(Analyze(3, "tcg", Kill, Mrelease), Mrelease).Interval!.Value.Confidence);

    [Fact]
    public void A_reference_that_never_frees_makes_the_ratio_a_bound_and_stands_for_the_blocks_it_is_not_run_in()
    {
        var contrast = Contrast(Analyze(10, "tcg", StuckKill, StuckMrelease), StuckMrelease);
        Assert.Equal(RatioBound.AtMost, contrast.Bound);
        Assert.Equal(Verdict.Faster, contrast.Verdict);
        Assert.Equal((10, 2), (contrast.Blocks, contrast.ReferenceBlocks));
        Assert.Equal(120.0 / 2000, contrast.Ratio, 0.005);
    }

    [Fact]
    public void A_reference_that_freed_even_once_stands_for_no_other_block()
    {
        var data = SyntheticRun.Create(10, [StuckKill, StuckMrelease]);
        var changed = Change(
            data,
            row =>
                row is { Method: "kill", Block: 1, Trial: 2 }
                    ? row with
                    {
                        Outcome = TrialOutcome.Freed,
                        T90Ns = 1_900_000_000,
                    }
                    : row
        );
        Assert.Equal(2, Contrast(RunAnalyzer.Analyze(changed), StuckMrelease).Blocks);
    }

    [Fact]
    public void A_method_that_never_frees_is_at_least_so_much_slower()
    {
        var kill = StuckKill with { Milliseconds = 100, FirstBlocks = 99 };
        var never = StuckMrelease with { Milliseconds = 9000 };
        var contrast = Contrast(Analyze(10, "tcg", kill, never), never);
        Assert.Equal(RatioBound.AtLeast, contrast.Bound);
        Assert.Equal(Verdict.Slower, contrast.Verdict);
    }

    [Fact]
    public void Two_cells_that_never_free_have_no_ratio()
    {
        var never = StuckMrelease with { Milliseconds = 9000 };
        var contrast = Contrast(Analyze(10, "tcg", StuckKill with { FirstBlocks = 99 }, never), never);
        Assert.Equal(RatioBound.Unknown, contrast.Bound);
        Assert.Equal(Verdict.None, contrast.Verdict);
        Assert.True(double.IsNaN(contrast.Ratio));
    }

    [Fact]
    public void A_censored_median_is_beyond_the_limit_and_not_an_average()
    {
        var cell = Cell(Analyze(10, "tcg", StuckKill, StuckMrelease), StuckKill);
        var t90 = cell.Distributions[Measure.MemoryGone];
        Assert.True(t90.Median.IsCensored);
        Assert.Equal(2e9, t90.Median.Value);
        Assert.Equal((6, 0), (cell.Outcomes.NotFreed, cell.Outcomes.Exited));
    }

    [Theory]
    [InlineData("tcg", Verdict.NotDecided)]
    [InlineData("kvm", Verdict.Faster)]
    public void What_emulation_cannot_decide_is_decided_under_KVM_only(string accelerator, Verdict verdict)
    {
        var kill = Kill with { Scenario = "idle", Milliseconds = 180 };
        var mrelease = Mrelease with { Scenario = "idle", Milliseconds = 95 };
        Assert.Equal(verdict, Contrast(Analyze(10, accelerator, kill, mrelease), mrelease).Verdict);
    }

    [Fact]
    public void Warm_up_and_unobserved_rows_are_no_part_of_the_statistics()
    {
        var kill = Kill with { Scenario = "idle", Milliseconds = 180 };
        var data = SyntheticRun.Create(10, [kill]);
        var spoiled = Change(data, row => row.Warmup || !row.Observer ? row with { T90Ns = 1 } : row);
        Assert.Equal(
            Cell(RunAnalyzer.Analyze(data), kill).Distributions[Measure.MemoryGone].Median,
            Cell(RunAnalyzer.Analyze(spoiled), kill).Distributions[Measure.MemoryGone].Median
        );
        Assert.Equal(30, Cell(RunAnalyzer.Analyze(spoiled), kill).Outcomes.Counted);
    }

    [Fact]
    public void The_observers_cost_is_found_where_there_are_rows_without_it()
    {
        var kill = Kill with { Scenario = "idle", Milliseconds = 180, ExitMilliseconds = 190 };
        var data = SyntheticRun.Create(10, [kill], spread: 0.001);
        var cost = Assert.Single(RunAnalyzer.Analyze(data).ObserverCosts);
        Assert.Equal((Measure.ProcessGone, 10, 30), (cost.Measure, cost.Blocks, cost.Trials));
        Assert.Equal(1.01, cost.Ratio, 0.002);
    }

    [Fact]
    public void P99_needs_300_trials()
    {
        var plain = new Line("pf-memalloc", "killer_plain", "killer-pressure", 300, 0, Trials: 30);
        Assert.NotNull(Cell(Analyze(10, "tcg", plain), plain).Distributions[Measure.Decision].P99);
        Assert.Null(Cell(Analyze(9, "tcg", plain), plain).Distributions[Measure.Decision].P99);
    }

    [Fact]
    public void A_pressure_trial_without_reclaim_or_stall_is_a_bad_setup()
    {
        var plain = new Line("pf-memalloc", "killer_plain", "killer-pressure", 300, 0, Trials: 10);
        var data = Change(
            SyntheticRun.Create(3, [plain]),
            row => row.Trial == 5 ? row with { Allocstall = 0, PgscanDirect = 0 } : row
        );
        var outcomes = Cell(RunAnalyzer.Analyze(data), plain).Outcomes;
        Assert.Equal((27, 3), (outcomes.Counted, outcomes.BadSetup));
    }

    [Theory]
    [InlineData("ESRCH", 30)]
    [InlineData("EBUSY", 30)]
    [InlineData("EAGAIN", 0)]
    [InlineData("0", 0)]
    [InlineData("", 0)]
    public void A_miss_is_counted_and_stays_in_the_distribution(string answer, int missed)
    {
        var data = Change(
            SyntheticRun.Create(10, [Kill, Mrelease]),
            row => row.Method == Mrelease.Method ? row with { ReapErrno = answer } : row
        );
        var cell = Cell(RunAnalyzer.Analyze(data), Mrelease);
        Assert.Equal((missed, 30), (cell.Outcomes.Missed, cell.Distributions[Measure.MemoryGone].Count));
    }

    [Fact]
    public void A_call_that_is_refused_and_frees_nothing_has_lost_no_race()
    {
        var data = Change(
            SyntheticRun.Create(10, [StuckKill, StuckMrelease with { Milliseconds = 9000 }]),
            row => row.Method == StuckMrelease.Method ? row with { ReapErrno = "EBUSY" } : row
        );
        var outcomes = Cell(RunAnalyzer.Analyze(data), StuckMrelease).Outcomes;
        Assert.Equal((0, 30), (outcomes.Missed, outcomes.NotFreed));
    }

    [Fact]
    public void Crashes_are_counted_and_come_first_among_the_cautions()
    {
        var data = Change(
            SyntheticRun.Create(3, [Kill, Mrelease]),
            row => row is { Block: 2, Trial: 1 } ? row with { Outcome = TrialOutcome.Crash } : row
        );
        var analysis = RunAnalyzer.Analyze(data);
        Assert.Equal(1, Cell(analysis, Kill).Outcomes.Crashed);
        Assert.Equal(CautionKind.Crash, analysis.Cautions[0].Kind);
    }

    [Fact]
    public void A_noop_kernel_that_behaves_like_stock_is_the_same()
    {
        var kill = Kill with { Scenario = "idle", Milliseconds = 180 };
        var noop = kill with { Approach = "noop" };
        var data = SyntheticRun.Create(10, [kill, noop], spread: 0.01);
        var contrast = Assert.Single(RunAnalyzer.Analyze(data).AcrossKernels);
        Assert.Equal((ContrastKind.NoiseFloor, Verdict.Same), (contrast.Kind, contrast.Verdict));
    }

    [Fact]
    public void A_control_that_differs_is_a_caution()
    {
        var kill = Kill with { Scenario = "shared", Milliseconds = 200 };
        var mrelease = Mrelease with { Scenario = "shared", Milliseconds = 100 };
        var caution = Assert.Single(
            Analyze(10, "tcg", kill, mrelease).Cautions,
            caution => caution.Kind == CautionKind.ControlFailed
        );
        Assert.Equal("process_mrelease", caution.Cell!.Method);
    }

    [Fact]
    public void What_only_some_trials_note_is_described_per_cell_of_those_that_count()
    {
        var data = SyntheticRun.Create(3, [StuckKill, StuckMrelease]);
        var rows = data.Trials.Where(row => row.Method == "process_mrelease").ToList();
        MeasureRecord Note(TrialRecord row, double value) => new(row.Run, row.Block, row.Slot, "pages", value, "pages");
        var noted = data with
        {
            Measures =
            [
                // The warm-up does not count, and neither does what it noted.
                Note(rows.First(row => row.Warmup), 1000),
                .. rows.Where(row => !row.Warmup).Take(3).Select((row, index) => Note(row, 10 * (index + 1))),
            ],
        };
        var measure = Assert.Single(Assert.Single(RunAnalyzer.Analyze(noted).Scenarios).Noted);
        Assert.Equal(("pages", "pages"), (measure.Name, measure.Unit));
        var values = Assert.Single(measure.Cells);
        Assert.Equal("process_mrelease", values.Cell.Method);
        Assert.Equal((10, 20, 30), (values.Least, values.Median, values.Greatest));
        Assert.Equal((3, 9), (values.Count, values.Counted));
    }

    [Fact]
    public void Rows_of_another_accelerator_are_refused()
    {
        var data = Change(
            SyntheticRun.Create(2, [Kill]),
            row => row.Block == 2 ? row with { Accelerator = "kvm" } : row
        );
        var error = Assert.Throws<ReaplabException>(() => RunAnalyzer.Analyze(data));
        Assert.Contains("block 2, slot 1 ran under kvm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_a_row_is_a_valid_analysis()
    {
        var analysis = RunAnalyzer.Analyze(SyntheticRun.Create(1, [Kill]) with { Trials = [] });
        Assert.Empty(analysis.Scenarios);
        Assert.Equal(0, analysis.Blocks);
    }
}
