// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Kernels;

public sealed class KernelGrowthTests : IDisposable
{
    private readonly MiniKernel mini = new();

    public KernelGrowthTests()
    {
        // Writes what the kernel's script writes, of two sums of sizes.
        MiniKernel.Write(
            mini.Tree,
            "scripts/bloat-o-meter",
            """
            import os, sys
            def total(file):
                lines = os.popen("nm --size-sort " + file).read().splitlines()
                return sum(int(line.split()[0], 16) for line in lines)
            old, new = total(sys.argv[1]), total(sys.argv[2])
            print("add/remove: 1/0 grow/shrink: 0/0 up/down: %d/0 (%d)" % (new - old, new - old))
            print("Total: Before=%d, After=%d, chg +0.00%%" % (old, new))

            """
        );
        mini.Commit("a script");
        mini.AddApproach("change", "");
        mini.AddPatch("change", "kernel/main.c", text => text + "\nint more(int x)\n{\n\treturn 3 * x + 17;\n}\n");
    }

    private static KernelBuildOptions WithSymbols(MiniKernel mini) => new(1, mini.Tree) { WithSymbols = true };

    public void Dispose() => mini.Dispose();

    [Fact]
    public async Task The_symbols_beside_a_kernel_tell_what_a_series_adds()
    {
        var kernels = await BuildAsync();
        var growth = await new KernelBuilder(mini.Workspace) { IgnoreHostLock = true }.MeasureGrowthAsync(
            kernels[0],
            kernels[1],
            WithSymbols(mini),
            new RecordedProgress(),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(1, growth.Added);
        Assert.InRange(growth.UpBytes, 1, 64);
        Assert.Equal(growth.BeforeBytes + growth.UpBytes, growth.AfterBytes);
    }

    [Fact]
    public async Task A_kernel_of_an_older_build_gets_its_symbols_when_they_are_asked_for()
    {
        var before = (await mini.BuildAsync(["stock", "change"]))[1];
        File.Delete(before.SymbolsPath);
        Assert.Equal(before, (await mini.BuildAsync(["stock", "change"]))[1]);
        Assert.False(File.Exists(before.SymbolsPath));
        Assert.Equal(before, (await BuildAsync())[1]);
        Assert.True(File.Exists(before.SymbolsPath));
    }

    [Fact]
    public void What_the_kernels_script_says_is_read() =>
        Assert.Equal(
            new KernelGrowth(5, 1, 3, 2, 1400, 79, 9000000, 9001321),
            BloatMeter.Parse(
                "add/remove: 5/1 grow/shrink: 3/2 up/down: 1400/-79 (1321)\n"
                    + "Function                                     old     new   delta\n"
                    + "process_reap                                   -     400    +400\n"
                    + "Total: Before=9000000, After=9001321, chg +0.01%\n"
            )
        );

    [Fact]
    public void Something_else_is_no_size() =>
        Assert.Throws<InfrastructureException>(() => BloatMeter.Parse("nm: 'x': No such file"));

    private Task<IReadOnlyList<KernelBuild>> BuildAsync() =>
        new KernelBuilder(mini.Workspace) { IgnoreHostLock = true }.BuildAsync(
            ["stock", "change"],
            "mini",
            KernelFlavour.Timing,
            WithSymbols(mini),
            new RecordedProgress(),
            TestContext.Current.CancellationToken
        );
}
