// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Tests.Kernels;
using Reaplab.Verification;

namespace Reaplab.Tests.Verification;

public sealed class VerificationRecordTests : IDisposable
{
    private static readonly SelftestReport[] Well =
    [
        new("first", SelftestOutcome.Passed),
        new("second", SelftestOutcome.Skipped),
    ];

    private readonly MiniKernel mini = new();

    public VerificationRecordTests()
    {
        WriteSelftest("selftests/first.c", "#include \"first.h\"\n#include \"shared.h\"\n");
        WriteSelftest("selftests/first.h", "/* of first */\n");
        WriteSelftest("selftests/second.c", "#include <stdio.h>\n");
        WriteSelftest("selftests/other.c", "#include \"other.h\"\n");
        WriteSelftest("selftests/other.h", "/* of other */\n");
        WriteSelftest("selftests/support.c", "int support;\n");
        WriteSelftest("common/shared.h", "int shared;\n");
        WriteSelftest("common/shared.c", "int shared;\n");
        WriteSelftest("common/unused.c", "int unused;\n");
        mini.AddApproach("stock", "selftests: [other]\n");
        mini.AddApproach("change", "selftests: [first, second]\n");
        mini.AddPatch("change", "kernel/main.c", text => text.Replace("42", "43", StringComparison.Ordinal));
    }

    private VerificationSubjects Subjects => new(mini.Workspace);

    private VerificationSubjects KernelSubjects => new(mini.Workspace, VerificationKind.KernelSelftests);

    private ApproachDefinition Change => ApproachDefinition.Load(mini.Workspace, "change");

    public void Dispose() => mini.Dispose();

    [Fact]
    public async Task What_passed_is_found_until_something_that_went_in_changes()
    {
        Assert.Equal(["stock", "change"], Names(Subjects.FindForTests()));
        await RecordAsync();
        Assert.Empty(VerifiedRecord.Load(mini.Workspace).FindFaults(mini.Workspace));
        Assert.Equal(["stock"], Names(Subjects.FindForTests()));

        WriteSelftest("selftests/other.h", "/* nothing to first */\n");
        WriteSelftest("common/unused.c", "int not_used;\n");
        Assert.Equal(["stock"], Names(Subjects.FindForTests()));

        WriteSelftest("common/shared.c", "int changed;\n");
        Assert.Equal(["stock", "change"], Names(Subjects.FindForTests()));
    }

    [Theory]
    [InlineData("selftests/first.c")]
    [InlineData("selftests/first.h")]
    [InlineData("selftests/second.c")]
    [InlineData("selftests/support.c")]
    [InlineData("common/shared.h")]
    public async Task A_changed_source_of_a_selftest_is_other_content(string file)
    {
        await RecordAsync();
        File.AppendAllText(Path.Combine(mini.Workspace.Workloads, file), "/* changed */\n");
        Assert.Equal(["stock", "change"], Names(Subjects.FindForTests()));
    }

    [Fact]
    public async Task A_changed_series_or_configuration_is_other_content()
    {
        await RecordAsync();
        mini.AddPatch("change", "kernel/main.c", text => text.Replace("1", "2", StringComparison.Ordinal));
        Assert.Equal(["stock", "change"], Names(Subjects.FindForTests()));

        await RecordAsync();
        MiniKernel.Write(mini.Workspace.VmImages, "kernel-config/10-all.config", "CONFIG_ALPHA=y\nCONFIG_BETA=y\n");
        Assert.Equal(["stock", "change"], Names(Subjects.FindForTests()));
    }

    [Fact]
    public async Task Another_compiler_is_other_content_for_a_verification_but_not_for_a_test_run()
    {
        var entry = await RecordAsync();
        var elsewhere = entry.Ingredients with { Kernel = new string('0', 64) };
        Assert.True(entry.Ingredients.IsSameCheckout(elsewhere));
        Assert.NotEqual(entry.Hash, elsewhere.ComputeHash());
    }

    [Fact]
    public async Task Without_the_bases_source_nothing_counts_as_recorded()
    {
        await RecordAsync();
        Assert.Null(
            await Subjects.FindRecordedAsync(Change, KernelFlavour.Timing, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task An_entry_takes_the_place_of_the_older_one()
    {
        var first = await RecordAsync();
        mini.AddPatch("change", "kernel/main.c", text => text.Replace("1", "2", StringComparison.Ordinal));
        var second = await RecordAsync();
        Assert.NotEqual(first.Hash, second.Hash);
        var record = VerifiedRecord.Load(mini.Workspace);
        Assert.Equal(second.Hash, Assert.Single(record.Entries).Hash);
        Assert.Equal("skipped", record.Entries[0].Selftests["second"]);
    }

    [Fact]
    public async Task A_record_that_claims_what_is_not_so_has_faults()
    {
        var entry = await RecordAsync();
        VerifiedRecord.Add(mini.Workspace, entry with { Approach = "gone" });
        VerifiedRecord.Add(
            mini.Workspace,
            entry with
            {
                Flavour = KernelFlavour.Debug,
                Ingredients = entry.Ingredients with { Selftests = new string('0', 64) },
            }
        );
        var faults = VerifiedRecord.Load(mini.Workspace).FindFaults(mini.Workspace);
        Assert.Equal(2, faults.Count);
        Assert.Contains(
            faults,
            fault =>
                fault.EndsWith(
                    "change on mini, debug: the hash is not that of its ingredients",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            faults,
            fault => fault.EndsWith("gone on mini, timing: there is no such approach", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_kernels_own_selftests_have_a_record_of_their_own()
    {
        ChooseKernelSelftests("");
        Assert.Empty(KernelSubjects.All);
        ChooseKernelSelftests("kernel_selftests: [{program: mm/small}]\n");
        mini.AddApproach("bare", "kernel: stock\n");
        Assert.Equal(["stock", "bare", "change"], Names(KernelSubjects.All));
        Assert.Equal(["mm/small"], KernelSubjects.FindTests(Change));

        await RecordAsync();
        Assert.Equal(["stock", "bare", "change"], Names(KernelSubjects.FindForTests()));
        var kernel = (await mini.BuildAsync(["change"]))[0];
        KernelSubjects.Record(Change, kernel, [new SelftestReport("mm/small", SelftestOutcome.Passed)]);
        Assert.Equal(["stock", "bare"], Names(KernelSubjects.FindForTests()));
        Assert.Equal(2, (await RecordAsync()).Selftests.Count);

        // A change of one kind leaves the other's entries as they are.
        WriteSelftest("selftests/first.c", "#include \"first.h\"\n");
        Assert.Equal(["stock", "bare"], Names(KernelSubjects.FindForTests()));
        await RecordAsync();
        ChooseKernelSelftests("kernel_selftests: [{program: mm/small, with: [mm/more.c]}]\n");
        Assert.Equal(["stock", "bare", "change"], Names(KernelSubjects.FindForTests()));
        Assert.Equal(["stock"], Names(Subjects.FindForTests()));
        Assert.Empty(
            VerifiedRecord
                .Load(mini.Workspace, VerificationKind.KernelSelftests)
                .FindFaults(mini.Workspace, VerificationKind.KernelSelftests)
        );
    }

    [Fact]
    public void A_file_that_is_no_record_is_named_with_its_line()
    {
        MiniKernel.Write(mini.Workspace.Results, "reference/verified.json", "{\n  \"entries\": 7\n}\n");
        var error = Assert.Throws<ConfigurationException>(() => VerifiedRecord.Load(mini.Workspace));
        Assert.Equal(2, error.Line);
    }

    private async Task<VerifiedEntry> RecordAsync()
    {
        var kernel = (await mini.BuildAsync(["change"]))[0];
        var entry = Subjects.CreateEntry(Change, kernel, Well);
        VerifiedRecord.Add(mini.Workspace, entry);
        return entry;
    }

    private static IEnumerable<string> Names(IEnumerable<ApproachDefinition> approaches) =>
        approaches.Select(approach => approach.Name.Value);

    private void ChooseKernelSelftests(string line) =>
        MiniKernel.Write(
            mini.Workspace.KernelPatches,
            "bases/mini.yaml",
            $"name: mini\ndebian_package: linux-source-mini\nconfig: [10-all]\n{line}"
        );

    private void WriteSelftest(string file, string text) => MiniKernel.Write(mini.Workspace.Workloads, file, text);
}
