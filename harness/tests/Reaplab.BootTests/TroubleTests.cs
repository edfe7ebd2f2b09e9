// SPDX-License-Identifier: MIT
using Reaplab.BootTests.Support;
using Reaplab.Machines;
using Reaplab.Trials;

namespace Reaplab.BootTests;

/// <summary>What a run makes of crashes, hangs and interrupts: nothing lost, nothing silently repeated.</summary>
public sealed class TroubleTests
{
    [Fact(Timeout = 300_000)]
    public async Task A_crash_in_a_trial_is_a_row_and_the_rest_runs_on_a_new_boot()
    {
        using var laboratory = await Laboratory.OpenAsync("stock");
        var outcome = await laboratory
            .Runner(null, ("kill", 2), ("test_crash", 1), ("process_mrelease", 2))
            .RunAsync(default);
        var rows = laboratory.Run.ReadTrials();
        Assert.Equal(
            [
                ("kill", TrialOutcome.Freed, 1, true),
                ("kill", TrialOutcome.Freed, 1, false),
                ("test_crash", TrialOutcome.Crash, 1, true),
                ("process_mrelease", TrialOutcome.Freed, 2, true),
                ("process_mrelease", TrialOutcome.Freed, 2, false),
            ],
            rows.Select(row => (row.Method, row.Outcome, row.Boot, row.Warmup))
        );
        Assert.Contains("sysrq triggered crash", rows[2].Detail, StringComparison.Ordinal);
        Assert.Equal(1, outcome.KernelFaults);
    }

    [Fact(Timeout = 600_000)]
    public async Task A_cell_that_crashes_three_times_is_closed_with_a_row_for_every_trial()
    {
        using var laboratory = await Laboratory.OpenAsync("stock");
        await laboratory.Runner(null, ("test_crash", 5), ("kill", 1)).RunAsync(default);
        var rows = laboratory.Run.ReadTrials();
        Assert.Equal(6, rows.Count);
        Assert.Equal(5, rows.Count(row => row.Outcome == TrialOutcome.Crash));
        Assert.StartsWith("closed after three crashes", rows[3].Detail, StringComparison.Ordinal);
        Assert.Equal(("kill", TrialOutcome.Freed), (rows[5].Method, rows[5].Outcome));
    }

    [Fact(Timeout = 600_000)]
    public async Task A_hang_in_a_trial_is_a_row_of_its_own_kind()
    {
        using var laboratory = await Laboratory.OpenAsync("stock");
        var outcome = await laboratory.Runner(null, ("test_hang", 1), ("kill", 1)).RunAsync(default);
        Assert.Equal(
            [("test_hang", TrialOutcome.Hang), ("kill", TrialOutcome.Freed)],
            laboratory.Run.ReadTrials().Select(row => (row.Method, row.Outcome))
        );
        Assert.Equal(1, outcome.KernelFaults);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_method_the_kernel_lacks_is_unsupported_and_named()
    {
        using var laboratory = await Laboratory.OpenAsync("stock");
        await laboratory.Runner(null, ("process_reap", 2), ("kill", 1)).RunAsync(default);
        var rows = laboratory.Run.ReadTrials();
        Assert.Equal(2, rows.Count(row => row.Outcome == TrialOutcome.Unsupported));
        Assert.Equal("the kernel answers the probe of process_reap with ENOSYS", rows[0].Detail);
    }

    [Fact(Timeout = 300_000)]
    public async Task An_interrupt_stops_the_machine_and_keeps_the_rows()
    {
        using var laboratory = await Laboratory.OpenAsync("stock");
        using var interrupt = new CancellationTokenSource();
        var runner = laboratory.Runner(
            progress =>
            {
                if (progress.Trial == 2)
                {
                    interrupt.Cancel();
                }
            },
            ("kill", 50)
        );
        var outcome = await runner.RunAsync(interrupt.Token);
        Assert.True(outcome.Interrupted);
        Assert.InRange(laboratory.Run.ReadTrials().Count, 2, 3);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(OrphanReaper.RecordDirectory(Laboratory.Workspace)),
            file => File.ReadAllText(file).Contains(laboratory.Run.Path, StringComparison.Ordinal)
        );
    }
}
