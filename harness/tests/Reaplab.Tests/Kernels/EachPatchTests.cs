// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Kernels;

public sealed class EachPatchTests : IDisposable
{
    private readonly MiniKernel mini = new();

    public void Dispose() => mini.Dispose();

    [Fact]
    public async Task A_series_that_always_compiles_is_well_after_each_patch()
    {
        var checks = await CheckAsync(Answer("42", "43"), Answer("43", "44"));
        Assert.Equal(["series: step 1", "series: step 2"], checks.Select(check => check.Subject));
        Assert.All(checks, check => Assert.Null(check.Failure));
        Assert.All(checks, check => Assert.Empty(check.Warnings));
    }

    [Fact]
    public async Task A_patch_that_breaks_the_build_is_named_though_a_later_one_repairs_it()
    {
        var checks = await CheckAsync(Answer("42", "43"), Answer("43", "forty_four"), Answer("forty_four", "44"));
        Assert.Equal([true, false, true], checks.Select(check => check.Failure is null));
        Assert.Contains("patch 2 of 3 of 'series' (\"series: step 2\") does not compile", checks[1].Failure);
        Assert.Contains("forty_four", checks[1].Failure);
    }

    [Fact]
    public async Task A_warning_is_the_patchs_that_brings_it()
    {
        var checks = await CheckAsync(
            text => "static int first_unused;\n" + text,
            text => "/* moves every line */\n" + text,
            text => text + "static int second_unused;\n"
        );
        Assert.Contains("first_unused", Assert.Single(checks[0].Warnings));
        Assert.Empty(checks[1].Warnings);
        Assert.Matches("^kernel/main.c:[0-9]+: warning: .*second_unused", Assert.Single(checks[2].Warnings));
    }

    [Fact]
    public async Task A_base_that_does_not_compile_is_not_the_series_fault()
    {
        MiniKernel.Write(mini.Tree, "kernel/main.c", "int answer(void)\n{\n\treturn 42\n}\n");
        mini.Commit("break it");
        var error = await Assert.ThrowsAsync<ReaplabException>(() => CheckAsync(Answer("42", "42;")));
        Assert.Contains("what 'series' is applied to does not compile", error.Message);
    }

    private static Func<string, string> Answer(string from, string to) =>
        text => text.Replace(from, to, StringComparison.Ordinal);

    private Task<IReadOnlyList<PatchCheck>> CheckAsync(params Func<string, string>[] edits)
    {
        mini.AddApproach("series", "");
        mini.AddSeries("series", edits);
        return mini.CheckEachPatchAsync("series");
    }
}
