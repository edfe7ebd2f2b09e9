// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Kernels;

public sealed class KernelBuilderTests : IDisposable
{
    private readonly MiniKernel mini = new();

    public void Dispose() => mini.Dispose();

    [Fact]
    public async Task A_second_build_comes_from_the_cache()
    {
        AddChange("change");
        var first = await mini.BuildAsync(["stock", "change"]);
        var progress = new RecordedProgress();
        var second = await mini.BuildAsync(["stock", "change"], progress: progress);

        Assert.Equal(first, second);
        Assert.Equal(["stock", "change"], first.Select(build => build.Approach));
        Assert.NotEqual(first[0].ElfSignature, first[1].ElfSignature);
        Assert.True(File.Exists(first[1].ImagePath));
        Assert.Contains("CONFIG_ALPHA=y", File.ReadAllText(first[1].ConfigPath));
        Assert.DoesNotContain(progress.States, state => state.Detail.StartsWith("CC ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_patch_is_another_kernel()
    {
        AddChange("change");
        var before = await mini.BuildAsync(["change"]);
        File.Delete(Directory.GetFiles(Path.Combine(mini.Workspace.KernelPatches, "change"), "*.patch").Single());
        mini.AddPatch("change", "kernel/main.c", text => text.Replace("42", "44", StringComparison.Ordinal));
        var after = await mini.BuildAsync(["change"]);
        Assert.NotEqual(before[0].Hash, after[0].Hash);
        Assert.NotEqual(before[0].ElfSignature, after[0].ElfSignature);
    }

    [Fact]
    public async Task A_series_that_changes_nothing_that_runs_is_refused()
    {
        mini.AddApproach("comment", "");
        mini.AddPatch("comment", "kernel/main.c", text => text + "/* nothing */\n");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => mini.BuildAsync(["comment"]));
        Assert.Contains("the series is not in the build", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public async Task A_series_that_does_not_apply_names_patch_line_and_hunk_and_leaves_nothing()
    {
        mini.AddApproach("stale", "");
        mini.AddPatch("stale", "Makefile", text => "# applies\n" + text);
        mini.AddPatch("stale", "kernel/main.c", text => text.Replace("42", "43", StringComparison.Ordinal));
        File.Move(
            Directory.GetFiles(Folder("stale"), "0001-stale-change-kernel*").Single(),
            Path.Combine(Folder("stale"), "0002-answer.patch")
        );
        MiniKernel.Write(mini.Tree, "kernel/main.c", "int other(void)\n{\n\treturn 7;\n}\n");
        mini.Commit("the tree has moved on");

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => mini.BuildAsync(["stale"]));

        Assert.EndsWith("0002-answer.patch", error.File);
        Assert.StartsWith("@@ ", File.ReadAllLines(error.File)[(int)error.Line - 1]);
        Assert.Contains("patch 2 of 2 of 'stale': the hunk at kernel/main.c:", error.Message);
        var clone = Directory.GetDirectories(Path.Combine(mini.Workspace.CacheDirectory, "sources"), "tree-*").Single();
        Assert.DoesNotContain("# applies", File.ReadAllText(Path.Combine(clone, "Makefile")));
        Assert.False(Directory.Exists(Path.Combine(clone, ".git", "rebase-apply")));
    }

    [Fact]
    public async Task A_series_that_does_not_compile_shows_the_first_error_and_the_log()
    {
        mini.AddApproach("broken", "");
        mini.AddPatch("broken", "kernel/main.c", text => text.Replace("42", "forty_two", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<ReaplabException>(() => mini.BuildAsync(["broken"]));
        Assert.Contains("approach 'broken' does not compile", error.Message);
        Assert.Contains("error: 'forty_two' undeclared", error.Message.Replace('‘', '\'').Replace('’', '\''));
        Assert.Contains("whole output: ", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public async Task A_full_disk_is_the_hosts_trouble_not_the_series()
    {
        mini.AddApproach("full", "");
        mini.AddPatch(
            "full",
            "Makefile",
            text =>
                text.Replace(
                    "@gcc",
                    "@echo 'cc1: fatal error: x.o: No space left on device'; exit 1; gcc",
                    StringComparison.Ordinal
                )
        );
        var error = await Assert.ThrowsAsync<InfrastructureException>(() => mini.BuildAsync(["full"]));
        Assert.Contains("is full", error.Message);
        Assert.Equal(ExitCode.Infrastructure, error.ExitCode);
    }

    [Fact]
    public async Task A_symbol_that_did_not_survive_names_file_and_line()
    {
        MiniKernel.Write(mini.Workspace.VmImages, "kernel-config/10-all.config", "CONFIG_ALPHA=y\nCONFIG_GONE=y\n");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => mini.BuildAsync(["stock"]));
        Assert.EndsWith("10-all.config", error.File);
        Assert.Equal(2, error.Line);
        Assert.Contains("'CONFIG_GONE=y' did not survive in the kernel of 'stock'", error.Message);
    }

    [Fact]
    public async Task All_kernels_get_what_one_of_them_asks_for()
    {
        AddChange("change", "config: [CONFIG_BETA=y]\n");
        var builds = await mini.BuildAsync(["stock", "change"]);
        Assert.All(builds, build => Assert.Contains("CONFIG_BETA=y", File.ReadAllText(build.ConfigPath)));
    }

    [Fact]
    public async Task A_symbol_that_a_series_brings_is_asked_of_its_own_kernel_only()
    {
        mini.AddApproach("brings", "config: [CONFIG_OWN=y]\n");
        mini.AddPatch("brings", "Kconfig", text => text + "\nconfig OWN\n\tbool\n");
        mini.AddPatch("brings", "kernel/main.c", text => text.Replace("42", "43", StringComparison.Ordinal));
        File.Move(
            Directory.GetFiles(Folder("brings"), "0001-brings-change-kernel*").Single(),
            Path.Combine(Folder("brings"), "0002-answer.patch")
        );
        var builds = await mini.BuildAsync(["stock", "brings"]);
        Assert.DoesNotContain("CONFIG_OWN", File.ReadAllText(builds[0].ConfigPath));
        Assert.Contains("CONFIG_OWN=y", File.ReadAllText(builds[1].ConfigPath));
    }

    [Fact]
    public async Task Approaches_that_contradict_each_other_are_refused()
    {
        AddChange("one", "config: [CONFIG_BETA=y]\n");
        AddChange("two", "config: [\"# CONFIG_BETA is not set\"]\n");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => mini.BuildAsync(["one", "two"]));
        Assert.EndsWith("two/approach.yaml", error.File);
        Assert.Equal(6, error.Line);
    }

    [Fact]
    public async Task The_debug_flavour_adds_its_own_series_to_every_kernel()
    {
        AddChange("change");
        mini.AddApproach("support", "flavours: [debug]\n");
        mini.AddPatch(
            "support",
            "kernel/main.c",
            text => text.Replace("return 1", "return 2", StringComparison.Ordinal)
        );
        var timing = await mini.BuildAsync(["stock"]);
        var debug = await mini.BuildAsync(["stock", "change"], flavour: KernelFlavour.Debug);
        Assert.NotEqual(timing[0].ElfSignature, debug[0].ElfSignature);
        Assert.NotEqual(debug[0].ElfSignature, debug[1].ElfSignature);
        await Assert.ThrowsAsync<ConfigurationException>(() => mini.BuildAsync(["support"]));
    }

    [Fact]
    public async Task An_extending_approach_has_the_series_it_extends()
    {
        AddChange("change");
        mini.AddApproach("more", "extends: change\n");
        mini.AddPatch("more", "kernel/main.c", text => text.Replace("return 1", "return 2", StringComparison.Ordinal));
        var builds = await mini.BuildAsync(["change", "more"]);
        Assert.NotEqual(builds[0].ElfSignature, builds[1].ElfSignature);
    }

    [Theory]
    [InlineData(KernelFlavour.Timing)]
    [InlineData(KernelFlavour.Debug)]
    public async Task An_approach_without_a_series_is_stocks_kernel_under_its_own_name(KernelFlavour flavour)
    {
        AddChange("change");
        mini.AddApproach("userspace", "kernel: stock\nconfig: [CONFIG_BETA=y]\n");
        var alone = await mini.BuildAsync(["userspace"], flavour: flavour);
        var builds = await mini.BuildAsync(["change", "userspace", "stock"], flavour: flavour);

        Assert.Equal("userspace", alone[0].Approach);
        Assert.Equal(["change", "userspace", "stock"], builds.Select(build => build.Approach));
        Assert.Equal(builds[2], builds[1] with { Approach = "stock" });
        Assert.NotEqual(builds[0].ElfSignature, builds[1].ElfSignature);
        // What it needs of the configuration, every kernel beside it gets.
        Assert.All(builds, build => Assert.Contains("CONFIG_BETA=y", File.ReadAllText(build.ConfigPath)));
    }

    [Fact]
    public async Task Uncommitted_changes_of_the_users_tree_are_refused_by_name_unless_allowed()
    {
        var clean = await mini.BuildAsync(["stock"]);
        MiniKernel.Write(mini.Tree, "kernel/main.c", "int answer(void)\n{\n\treturn 1;\n}\n");
        var before = mini.Git("status", "--porcelain");
        var error = await Assert.ThrowsAsync<ReaplabException>(() => mini.BuildAsync(["stock"]));
        Assert.Contains("uncommitted changes in kernel/main.c", error.Message);

        var dirty = await mini.BuildAsync(["stock"], allowDirty: true);
        Assert.EndsWith("-dirty", dirty[0].SourceVersion);
        Assert.NotEqual(clean[0].ElfSignature, dirty[0].ElfSignature);
        Assert.Equal(before, mini.Git("status", "--porcelain"));
        Assert.Equal("* main", mini.Git("branch", "--all").Trim());
    }

    [Fact]
    public async Task A_commit_of_the_users_tree_is_built_as_it_was_whatever_the_tree_looks_like_now()
    {
        var commit = mini.Git("rev-parse", "HEAD").Trim();
        var then = await mini.BuildAsync(["stock"]);
        MiniKernel.Write(mini.Tree, "kernel/main.c", "int answer(void)\n{\n\treturn 1;\n}\n");
        mini.Commit("the tree has moved on");
        MiniKernel.Write(mini.Tree, "kernel/main.c", "int answer(void)\n{\n\treturn 2;\n}\n");
        var now = await mini.BuildAsync(["stock"], commit: commit);
        Assert.Equal(then[0].ElfSignature, now[0].ElfSignature);
        Assert.Equal(then[0].SourceHash, now[0].SourceHash);
    }

    private string Folder(string approach) => Path.Combine(mini.Workspace.KernelPatches, approach);

    private void AddChange(string name, string more = "")
    {
        mini.AddApproach(name, more);
        mini.AddPatch(name, "kernel/main.c", text => text.Replace("42", "43", StringComparison.Ordinal));
    }
}
