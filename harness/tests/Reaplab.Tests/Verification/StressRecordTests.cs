// SPDX-License-Identifier: MIT
using Reaplab.Kernels;
using Reaplab.Tests.Kernels;
using Reaplab.Verification;

namespace Reaplab.Tests.Verification;

/// <summary>The records of what only debug kernels can show: stress, leaks, and kernels that several approaches share.</summary>
public sealed class StressRecordTests : IDisposable
{
    private readonly MiniKernel mini = new();

    public StressRecordTests()
    {
        foreach (var name in new[] { "first", "first-races", "second", "support" })
        {
            MiniKernel.Write(mini.Workspace.Workloads, $"selftests/{name}.c", $"/* {name} */\n");
        }

        mini.AddApproach("stock", "selftests: [second]\n");
        mini.AddApproach("first", "selftests: [first, first-races]\nraces: [first-races]\n");
        mini.AddPatch("first", "kernel/main.c", text => text.Replace("42", "43", StringComparison.Ordinal));
        mini.AddApproach("second", "selftests: [second]\n");
        mini.AddPatch(
            "second",
            "kernel/main.c",
            text => text.Replace("return 1", "return 2", StringComparison.Ordinal)
        );
    }

    private VerificationSubjects Stress => new(mini.Workspace, VerificationKind.Stress);

    private VerificationSubjects Leaks => new(mini.Workspace, VerificationKind.Leaks);

    private ApproachDefinition First => ApproachDefinition.Load(mini.Workspace, "first");

    public void Dispose() => mini.Dispose();

    [Fact]
    public void Whoever_adds_kernel_code_is_to_be_stressed_and_says_by_what()
    {
        mini.AddApproach("idle", "selftests: [second]\nraces: []\n");
        mini.AddPatch("idle", "kernel/main.c", text => text + "int idle;\n");
        mini.AddApproach("userspace", "kernel: stock\nselftests: [second]\n");
        Assert.Equal(["first", "second"], Names(Stress.All));
        Assert.Equal(["first-races"], Stress.FindTests(First));
        Assert.Empty(Stress.FindTests(ApproachDefinition.Load(mini.Workspace, "second")));
        // The first stress is the long one of `verify --stress`.
        Assert.Empty(Stress.FindForTests());
    }

    [Fact]
    public void Leaks_are_hunted_with_all_programs_and_the_hunt_has_a_report_of_its_own()
    {
        Assert.Equal(["stock", "first", "second"], Names(Leaks.All));
        Assert.Equal(["first", "first-races", "kmemleak"], Leaks.FindTests(First));
    }

    [Fact]
    public async Task A_stress_is_recorded_with_its_seconds_until_something_that_raced_changes()
    {
        var entry = await StressAsync("first", 31.9);
        Assert.Equal(31, entry.Seconds);
        Assert.Empty(Stress.FindForTests());
        Assert.Empty(FaultsOf(VerificationKind.Stress));
        Assert.Contains("\"seconds\": 31", await ReadAsync(VerificationKind.Stress), StringComparison.Ordinal);
        Assert.DoesNotContain("\"stack\"", await ReadAsync(VerificationKind.Stress), StringComparison.Ordinal);

        // Not one of its races.
        File.AppendAllText(Path.Combine(mini.Workspace.Workloads, "selftests/first.c"), "/* changed */\n");
        Assert.Empty(Stress.FindForTests());
        File.AppendAllText(Path.Combine(mini.Workspace.Workloads, "selftests/first-races.c"), "/* changed */\n");
        Assert.Equal(["first"], Names(Stress.FindForTests()));
    }

    [Fact]
    public async Task A_short_stress_does_not_take_the_place_of_a_long_one_of_the_same_content()
    {
        await StressAsync("first", 600);
        await StressAsync("first", 30);
        Assert.Equal(600, Assert.Single(VerifiedRecord.Load(mini.Workspace, VerificationKind.Stress).Entries).Seconds);
        File.AppendAllText(Path.Combine(mini.Workspace.Workloads, "selftests/first-races.c"), "/* changed */\n");
        await StressAsync("first", 30);
        Assert.Equal(30, Assert.Single(VerifiedRecord.Load(mini.Workspace, VerificationKind.Stress).Entries).Seconds);
    }

    [Fact]
    public async Task What_was_not_stressed_has_no_seconds_and_a_stress_has()
    {
        var entry = await StressAsync("first", 30);
        VerifiedRecord.Add(mini.Workspace, entry, VerificationKind.Leaks);
        Assert.Contains(
            FaultsOf(VerificationKind.Leaks),
            fault => fault.Contains("seconds are said of a stress", StringComparison.Ordinal)
        );
        VerifiedRecord.Add(mini.Workspace, entry with { Flavour = KernelFlavour.Timing }, VerificationKind.Stress);
        Assert.Contains(
            FaultsOf(VerificationKind.Stress),
            fault => fault.Contains("only the debug flavour can show that", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_passed_beside_others_is_recorded_with_them_and_depends_on_them()
    {
        var entry = await StressAsync("first+second", 600);
        Assert.Equal("first+second", entry.Stack);
        Assert.Equal("first", entry.Approach);
        Assert.Equal(
            entry.Stack,
            Assert.Single(VerifiedRecord.Load(mini.Workspace, VerificationKind.Stress).Entries).Stack
        );
        Assert.Empty(FaultsOf(VerificationKind.Stress));
        Assert.Empty(Stress.FindForTests());

        // The neighbour's series is in the kernel that was stressed.
        mini.AddPatch(
            "second",
            "kernel/main.c",
            text => text.Replace("return 1", "return 3", StringComparison.Ordinal)
        );
        Assert.Equal(["first"], Names(Stress.FindForTests()));

        await StressAsync("first", 600);
        Assert.Empty(Stress.FindForTests());
    }

    [Fact]
    public async Task A_neighbour_that_is_gone_takes_the_entry_with_it()
    {
        await StressAsync("first+second", 600);
        Directory.Delete(Path.Combine(mini.Workspace.KernelPatches, "second"), recursive: true);
        Assert.Equal(["first"], Names(Stress.FindForTests()));
        Assert.Null(await Stress.FindRecordedAsync(First, KernelFlavour.Debug, TestContext.Current.CancellationToken));
    }

    private async Task<VerifiedEntry> StressAsync(string kernel, double seconds)
    {
        var build = (await mini.BuildAsync([kernel], flavour: KernelFlavour.Debug))[0];
        SelftestReport[] reports =
        [
            new("first-races", SelftestOutcome.Passed) { Duration = TimeSpan.FromSeconds(seconds) },
        ];
        Stress.Record(First, build, reports);
        return Stress.CreateEntry(First, build, reports);
    }

    private IReadOnlyList<string> FaultsOf(VerificationKind kind) =>
        VerifiedRecord.Load(mini.Workspace, kind).FindFaults(mini.Workspace, kind);

    private Task<string> ReadAsync(VerificationKind kind) =>
        File.ReadAllTextAsync(VerifiedRecord.FileOf(mini.Workspace, kind), TestContext.Current.CancellationToken);

    private static IEnumerable<string> Names(IEnumerable<ApproachDefinition> approaches) =>
        approaches.Select(approach => approach.Name.Value);
}
