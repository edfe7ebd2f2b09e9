// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Cli;
using Reaplab.Cli.Commands;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Verification;

namespace Reaplab.Tests.Cli;

/// <summary>The checkout's own approaches, scenarios and plans must be what the harness accepts.</summary>
public sealed class ShippedFilesTests
{
    private static readonly Catalog Catalog = new(Workspace.Find(AppContext.BaseDirectory));

    [Fact]
    public void Every_approach_is_read_and_brings_a_cover_letter()
    {
        Assert.Equal("stock", Catalog.Approaches[0].Name.Value);
        foreach (var approach in Catalog.Approaches.Where(each => each.Patches.Count > 0))
        {
            var folder = Path.GetDirectoryName(approach.File)!;
            Assert.NotEmpty(Directory.GetFiles(folder, "0000-*.patch"));
            Assert.True(approach.Selftests.Count > 0 || approach.Name.Value == "noop", approach.Name.Value);
        }
    }

    [Theory]
    [InlineData(VerificationKind.OwnSelftests)]
    [InlineData(VerificationKind.KernelSelftests)]
    [InlineData(VerificationKind.Stress)]
    [InlineData(VerificationKind.Leaks)]
    public void The_record_of_verifications_claims_only_what_holds(VerificationKind kind) =>
        Assert.Empty(VerifiedRecord.Load(Catalog.Workspace, kind).FindFaults(Catalog.Workspace, kind));

    [Fact]
    public void Every_selftest_an_approach_names_has_a_source()
    {
        foreach (var selftest in Catalog.Approaches.SelectMany(approach => approach.Selftests))
        {
            Assert.True(File.Exists(Path.Combine(Catalog.Workspace.Workloads, "selftests", selftest + ".c")), selftest);
        }
    }

    [Fact]
    public void Every_method_an_approach_names_has_an_agent_file()
    {
        var sources = string.Concat(
            Directory
                .EnumerateFiles(Path.Combine(Catalog.Workspace.Workloads, "agent", "methods"), "*.c")
                .Select(File.ReadAllText)
        );
        foreach (var method in Catalog.Approaches.SelectMany(approach => approach.Methods))
        {
            Assert.Contains($"\"{method.Name.Value}\"", sources);
        }
    }

    [Fact]
    public void Every_key_of_a_scenario_is_documented()
    {
        var document = File.ReadAllText(Path.Combine(Catalog.Workspace.Root, "docs", "writing-a-scenario.md"));
        Assert.All(
            AgentWords.Keys,
            key => Assert.True(document.Contains($"`{key}`") || document.Contains($"{key}:"), key)
        );
    }

    [Fact]
    public void The_README_names_every_approach()
    {
        var readme = File.ReadAllText(Path.Combine(Catalog.Workspace.Root, "README.md"));
        Assert.All(Catalog.Approaches, approach => Assert.Contains($"| `{approach.Name.Value}` |", readme));
    }

    [Fact]
    public void Every_series_can_be_weighed_and_noop_comes_first()
    {
        var all = CostCommand.Choose(Catalog, ["all"]);
        Assert.Equal("noop", all[0].Name.Value);
        Assert.Equal(Catalog.Approaches.Count(each => each.Patches.Count > 0), all.Count);
        Assert.Equal(["noop", "try-reap"], CostCommand.Choose(Catalog, ["try-reap"]).Select(each => each.Name.Value));
        Assert.Throws<ConfigurationException>(() => CostCommand.Choose(Catalog, ["boost"]));
    }

    [Fact]
    public void Every_plan_is_read_and_expands()
    {
        Assert.Equal(["debate", "full", "preview", "smoke", "try"], Catalog.PlanNames);
        foreach (var name in Catalog.PlanNames)
        {
            var experiment = Experiment.Expand(Catalog.LoadPlan(name), seed: 1);
            Assert.NotEmpty(experiment.Blocks);
        }
    }

    [Fact]
    public void The_full_plan_has_blocks_for_verdicts_and_decisions_for_a_p99()
    {
        var plan = Catalog.LoadPlan("full");
        Assert.True(plan.Blocks >= 10);
        Assert.All(
            plan.Cells.Where(cell => cell.Scenario.Decide),
            cell => Assert.True(cell.Trials * plan.Blocks >= 500, cell.Method)
        );
    }

    /// <summary>A ratio has its reference in the same kernel, and a verdict its blocks.</summary>
    [Fact]
    public void The_debate_has_blocks_for_verdicts_and_beside_every_method_its_reference()
    {
        var plan = Catalog.LoadPlan("debate");
        Assert.True(plan.Blocks >= AnalysisRules.LeastBlocksForVerdict);
        var references = Catalog
            .Approaches.SelectMany(approach => approach.Methods)
            .ToDictionary(method => method.Name.Value, method => method.Reference);
        var cells = plan.Cells.Select(cell => (cell.Approach, cell.Method, cell.Scenario.Name)).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(
            cells,
            cell =>
                Assert.True(
                    references[cell.Method] is not { Length: > 0 } reference
                        || cells.Contains((cell.Approach, reference, cell.Name)),
                    $"{cell}: without its reference"
                )
        );
    }

    [Fact]
    public void The_debate_has_every_approach() =>
        Assert.Empty(
            Catalog
                .Approaches.Where(approach => approach.Kernel is null)
                .Select(approach => approach.Name.Value)
                .Except(Catalog.LoadPlan("debate").Cells.Select(cell => cell.Approach))
        );

    [Fact]
    public void Every_method_is_in_the_debate() =>
        Assert.Empty(
            Catalog
                .Approaches.SelectMany(approach => approach.Methods)
                .Select(method => method.Name.Value)
                .Except(Catalog.LoadPlan("debate").Cells.Select(cell => cell.Method))
        );

    [Fact]
    public void A_plan_that_is_not_there_is_named_with_those_that_are()
    {
        var error = Assert.Throws<ConfigurationException>(() => Catalog.LoadPlan("fulll"));
        Assert.Contains("there is no plan 'fulll' (there are: debate, full, preview, smoke", error.Message);
    }
}
