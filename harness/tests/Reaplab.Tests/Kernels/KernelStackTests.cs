// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Kernels;

public sealed class KernelStackTests : IDisposable
{
    private readonly MiniKernel mini = new();

    public void Dispose() => mini.Dispose();

    [Fact]
    public async Task Series_that_apply_on_top_of_each_other_share_a_kernel()
    {
        Add("answer", "42", "43");
        Add("first", "return 1", "return 2");
        Add("other", "42", "44");
        Assert.Equal(["answer+first", "other"], await FindAsync("answer", "first", "other"));
        // In the order given.
        Assert.Equal(["other+first", "answer"], await FindAsync("other", "first", "answer"));
    }

    [Fact]
    public async Task Whoever_has_to_be_alone_is_and_so_is_who_has_no_series()
    {
        Add("answer", "42", "43");
        Add("first", "return 1", "return 2", "alone: it changes what everybody gets\n");
        mini.AddApproach("userspace", "kernel: stock\n");
        mini.AddApproach("third", "");
        mini.AddPatch("third", "kernel/third.c", _ => "int third;\n");
        Assert.Equal(
            ["answer+third", "stock", "first", "userspace"],
            await FindAsync("stock", "answer", "first", "third", "userspace")
        );
    }

    [Fact]
    public async Task What_is_extended_is_in_the_kernel_once()
    {
        Add("answer", "42", "43");
        mini.AddApproach("more", "extends: answer\n");
        mini.AddPatch("more", "kernel/main.c", text => text.Replace("return 1", "return 2", StringComparison.Ordinal));
        Assert.Equal(["answer+more"], await FindAsync("answer", "more"));
        Assert.Equal(["more+answer"], await FindAsync("more", "answer"));
        var builds = await BuildAsync("more", "answer+more", "more+answer");
        Assert.Single(builds.Select(build => build.ElfSignature).Distinct());
    }

    [Fact]
    public async Task A_series_that_does_not_even_apply_to_the_base_keeps_nobody_from_being_built()
    {
        Add("answer", "42", "43");
        Add("first", "return 1", "return 2");
        mini.AddApproach("stale", "");
        mini.AddPatch("stale", "kernel/main.c", text => text.Replace("42", "7", StringComparison.Ordinal));
        var patch = Directory.GetFiles(Path.Combine(mini.Workspace.KernelPatches, "stale"), "*.patch").Single();
        File.WriteAllText(patch, File.ReadAllText(patch).Replace("42", "41", StringComparison.Ordinal));
        Assert.Equal(["stale", "answer+first"], await FindAsync("stale", "answer", "first"));
    }

    [Fact]
    public async Task A_shared_kernel_has_all_series_all_symbols_and_its_own_name_in_the_cache()
    {
        Add("answer", "42", "43", "config: [CONFIG_BETA=y]\n");
        Add("first", "return 1", "return 2");
        var builds = await BuildAsync("answer", "first", "answer+first");
        Assert.Equal("answer+first", builds[2].Approach);
        Assert.Equal(3, builds.Select(build => build.ElfSignature).Distinct().Count());
        Assert.Contains("mini-stack-of-2-debug-", builds[2].ImagePath, StringComparison.Ordinal);
        var alone = await BuildAsync("answer+first");
        Assert.Equal(builds[2], alone[0]);
        Assert.Contains("CONFIG_BETA=y", File.ReadAllText(alone[0].ConfigPath));

        var builder = new KernelBuilder(mini.Workspace);
        Assert.NotEqual(
            builder.HashContent("answer", "mini", KernelFlavour.Debug),
            builder.HashContent("answer+first", "mini", KernelFlavour.Debug)
        );
    }

    [Fact]
    public void No_approach_has_the_name_of_a_stack()
    {
        Add("one+two", "42", "43");
        var error = Assert.Throws<ConfigurationException>(() => ApproachDefinition.Load(mini.Workspace, "one+two"));
        Assert.Contains("a name with '+' is that of a kernel with several approaches", error.Message);
    }

    private void Add(string name, string before, string after, string more = "")
    {
        mini.AddApproach(name, more);
        mini.AddPatch(name, "kernel/main.c", text => text.Replace(before, after, StringComparison.Ordinal));
    }

    private Task<IReadOnlyList<KernelBuild>> BuildAsync(params string[] kernels) =>
        mini.BuildAsync(kernels, flavour: KernelFlavour.Debug);

    private Task<IReadOnlyList<string>> FindAsync(params string[] approaches) =>
        new KernelBuilder(mini.Workspace) { IgnoreHostLock = true }.FindStacksAsync(
            approaches,
            "mini",
            KernelFlavour.Debug,
            new KernelBuildOptions(1, mini.Tree),
            new RecordedProgress(),
            TestContext.Current.CancellationToken
        );
}
