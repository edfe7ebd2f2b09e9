// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Tests.Support;

namespace Reaplab.Tests.Kernels;

public sealed class DefinitionTests : IDisposable
{
    private readonly MiniKernel mini = new();

    public void Dispose() => mini.Dispose();

    [Fact]
    public void Every_approach_of_this_checkout_is_right()
    {
        var workspace = Workspace.Find(SourceFile.Beside("."));
        var approaches = ApproachCatalog.Load(workspace);
        Assert.Equal("stock", approaches[0].Name.Value);
        foreach (var approach in approaches)
        {
            _ = ApproachCatalog.Resolve(workspace, approach, KernelFlavour.Debug);
            Assert.All(approach.Bases, name => BaseDefinition.Load(workspace, name));
        }
    }

    [Theory]
    [InlineData("methds: []\n", 6, "unknown key 'methds'")]
    [InlineData("config: [MEMCG=y]\n", 6, "'MEMCG=y' is neither CONFIG_NAME=value nor")]
    [InlineData("flavours: [fast]\n", 6, "'fast' is not a flavour")]
    [InlineData("flavours: [timing]\n", 6, "no series may hide in every timed kernel")]
    [InlineData("kernel: vanilla\n", 6, "'vanilla' is not a kernel; there is: stock")]
    [InlineData("kernel: stock\n", 6, "has no patches")]
    [InlineData("selftests: [one]\nraces: [two]\n", 7, "'two' is not one of the 'selftests'")]
    [InlineData("methods:\n  - {name: a, reference: a, summary: x}\n", 7, "method 'a' is its own reference")]
    public void A_wrong_key_or_value_names_file_and_line(string more, long line, string message)
    {
        mini.AddApproach("wrong", more);
        mini.AddPatch("wrong", "kernel/main.c", text => text + "int more;\n");
        var error = Assert.Throws<ConfigurationException>(() => ApproachDefinition.Load(mini.Workspace, "wrong"));
        Assert.EndsWith("wrong/approach.yaml", error.File);
        Assert.Equal(line, error.Line);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void An_unknown_approach_is_answered_with_those_there_are()
    {
        var error = Assert.Throws<ConfigurationException>(() => ApproachDefinition.Load(mini.Workspace, "process-rep"));
        Assert.Contains("there is no approach 'process-rep'; there are: stock", error.Message);
    }

    [Fact]
    public void An_approach_without_patches_is_refused()
    {
        mini.AddApproach("empty", "");
        var error = Assert.Throws<ConfigurationException>(() => ApproachDefinition.Load(mini.Workspace, "empty"));
        Assert.Contains("holds no patch", error.Message);
    }

    [Fact]
    public void An_approach_may_run_on_stocks_kernel_if_it_extends_nothing()
    {
        mini.AddApproach("userspace", "kernel: stock\n");
        Assert.True(ApproachDefinition.Load(mini.Workspace, "userspace").IsStockKernel);
        mini.AddApproach("both", "kernel: stock\nextends: userspace\n");
        Assert.Throws<ConfigurationException>(() => ApproachDefinition.Load(mini.Workspace, "both"));
    }

    [Fact]
    public void A_circle_of_extensions_is_refused()
    {
        foreach (var (name, other) in new[] { ("one", "two"), ("two", "one") })
        {
            mini.AddApproach(name, $"extends: {other}\n");
            mini.AddPatch(name, "kernel/main.c", text => text + "int more;\n");
        }

        var error = Assert.Throws<ConfigurationException>(() =>
            ApproachCatalog.Resolve(
                mini.Workspace,
                ApproachDefinition.Load(mini.Workspace, "one"),
                KernelFlavour.Timing
            )
        );
        Assert.Contains("extends itself", error.Message);
    }
}
