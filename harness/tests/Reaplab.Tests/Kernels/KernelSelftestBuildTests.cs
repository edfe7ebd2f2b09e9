// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Kernels;

public sealed class KernelSelftestBuildTests : IDisposable
{
    private readonly MiniKernel mini = new();

    public KernelSelftestBuildTests()
    {
        MiniKernel.Write(mini.Tree, "arch/x86/Makefile", "");
        MiniKernel.Write(mini.Tree, "tools/include/tools.h", "");
        MiniKernel.Write(mini.Tree, "include/uapi/answer.h", "#define ANSWER 42\n");
        MiniKernel.Write(
            mini.Tree,
            "tools/testing/selftests/mm/small.c",
            "#include <answer.h>\n#include \"../helper.h\"\nint main(void)\n{\n\treturn help(ANSWER);\n}\n"
        );
        MiniKernel.Write(mini.Tree, "tools/testing/selftests/helper.h", "int help(int answer);\n");
        MiniKernel.Write(
            mini.Tree,
            "tools/testing/selftests/mm/helper.c",
            "#include \"../helper.h\"\nint help(int answer)\n{\n\treturn answer + 1;\n}\n"
        );
        mini.Commit("selftests");
        Choose("{program: mm/small, with: [mm/helper.c]}");
    }

    public void Dispose() => mini.Dispose();

    [Fact]
    public async Task Programs_are_compiled_against_the_headers_of_their_own_source()
    {
        var built = await BuildAsync();
        Assert.Equal(["mm/small"], built.Programs);
        Assert.Equal(43, await RunAsync(built));
        Assert.Equal([built.Folder], Directory.GetDirectories(Path.GetDirectoryName(built.Folder)!));
    }

    [Fact]
    public async Task They_are_built_once_per_source_and_selection()
    {
        var first = await BuildAsync();
        var progress = new RecordedProgress();
        Assert.Equal(first.Folder, (await BuildAsync(progress)).Folder);
        Assert.Empty(progress.States);

        MiniKernel.Write(mini.Tree, "include/uapi/answer.h", "#define ANSWER 43\n");
        mini.Commit("another answer");
        Assert.NotEqual(first.Folder, (await BuildAsync()).Folder);
    }

    [Fact]
    public async Task A_series_in_the_work_tree_does_not_reach_them()
    {
        mini.AddApproach("change", "");
        mini.AddPatch("change", "kernel/main.c", text => text.Replace("42", "43", StringComparison.Ordinal));
        mini.AddPatch("change", "include/uapi/answer.h", _ => "#define ANSWER 7\n");
        await mini.BuildAsync(["change"]);
        Assert.Equal(43, await RunAsync(await BuildAsync()));
    }

    [Fact]
    public async Task A_program_that_the_source_lacks_is_named_with_its_line()
    {
        Choose("{program: mm/absent}");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => BuildAsync());
        Assert.EndsWith("bases/mini.yaml", error.File);
        Assert.Equal(5, error.Line);
        Assert.Contains("tools/testing/selftests/mm/absent.c", error.Message);
    }

    [Fact]
    public async Task A_program_that_does_not_compile_shows_the_compilers_words()
    {
        MiniKernel.Write(mini.Tree, "tools/testing/selftests/mm/small.c", "int main(void) { return absent; }\n");
        mini.Commit("broken");
        var error = await Assert.ThrowsAsync<ProcessFailedException>(() => BuildAsync());
        Assert.Contains("absent", error.Message);
    }

    private static async Task<int> RunAsync(KernelSelftests built)
    {
        var program = Path.Combine(built.Folder, "mm/small");
        var result = await ProcessRunner.RunAsync(
            new ProcessRequest(program, [], TimeSpan.FromSeconds(30)),
            TestContext.Current.CancellationToken
        );
        return result.ExitCode;
    }

    private Task<KernelSelftests> BuildAsync(IStageProgress? progress = null) =>
        new KernelBuilder(mini.Workspace) { IgnoreHostLock = true }.BuildSelftestsAsync(
            "mini",
            new KernelBuildOptions(1, mini.Tree),
            progress ?? new RecordedProgress(),
            TestContext.Current.CancellationToken
        );

    private void Choose(string selftest) =>
        MiniKernel.Write(
            mini.Workspace.KernelPatches,
            "bases/mini.yaml",
            $"name: mini\ndebian_package: linux-source-mini\nconfig: [10-all]\nkernel_selftests:\n  - {selftest}\n"
        );
}
