// SPDX-License-Identifier: MIT
using Reaplab.Cli;
using Reaplab.Cli.Trying;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Cli;

/// <summary>A series laid over the project's own checkout.</summary>
public sealed class CandidateCheckoutTests : IDisposable
{
    private const string Source = """
        #include "methods.h"
        static const struct method sooner = {
        	.name = "sooner",
        };
        METHOD(sooner);
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;
    private readonly Workspace own;

    public CandidateCheckoutTests() =>
        own = Workspace.Find(AppContext.BaseDirectory) with { CacheDirectory = Path.Combine(folder, "cache") };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_series_is_one_more_approach_and_its_method_one_more_file()
    {
        var checkout = Lay("'quoted': \"title\"", Method(Source));
        var catalog = new Catalog(checkout.Workspace);
        var approach = catalog.Approaches.Single(each => each.Name.Value == CandidateCheckout.Name);
        Assert.Equal("'quoted': \"title\"", approach.Title);
        Assert.Equal("CONFIG_X=y", Assert.Single(approach.Config).Value);
        Assert.Single(approach.Patches);
        Assert.Equal("sooner", Assert.Single(approach.Methods).Name.Value);
        Assert.True(File.Exists(Path.Combine(checkout.Workspace.Workloads, "agent/methods/sooner.c")));
        Assert.True(File.Exists(Path.Combine(checkout.Workspace.Workloads, "agent/methods/kill.c")));
        Assert.False(File.Exists(Path.Combine(own.Workloads, "agent/methods/sooner.c")));
        Assert.Equal(new Catalog(own).Approaches.Count + 1, catalog.Approaches.Count);
    }

    [Fact]
    public void Removing_it_leaves_what_it_links_to()
    {
        var checkout = Lay("title", null);
        Directory.Delete(checkout.Workspace.Root, recursive: true);
        Assert.True(File.Exists(Path.Combine(own.KernelPatches, "stock", ApproachDefinition.FileName)));
        Assert.True(File.Exists(Path.Combine(own.Workloads, "agent/methods/kill.c")));
    }

    [Fact]
    public void The_plan_runs_every_cell_of_the_base_for_the_series_too_and_its_method_where_memory_is_freed()
    {
        var catalog = new Catalog(Lay("title", Method(Source)).Workspace);
        foreach (var name in catalog.PlanNames)
        {
            var original = catalog.LoadPlan(name);
            if (!original.Approaches.Contains("stock"))
            {
                continue;
            }

            var plan = original.For("stock", CandidateCheckout.Name, ["sooner"]);
            Assert.Equal(["stock", CandidateCheckout.Name], plan.Approaches);
            var ofStock = plan.Cells.Where(cell => cell.Approach == "stock").ToList();
            var mirrored = plan.Cells.Where(cell => cell.Approach != "stock" && cell.Method != "sooner").ToList();
            Assert.Equal(ofStock.Select(cell => cell with { Approach = CandidateCheckout.Name }), mirrored);
            Assert.Equal(
                ofStock.Where(cell => !cell.Scenario.Decide).Select(cell => cell.Scenario.Name).Distinct(),
                plan.Cells.Where(cell => cell.Method == "sooner").Select(cell => cell.Scenario.Name)
            );
            Assert.NotEmpty(Experiment.Expand(plan, seed: 1).Blocks);
        }
    }

    [Fact]
    public void The_default_plan_has_blocks_for_a_verdict_and_a_reference_in_every_scenario()
    {
        var plan = new Catalog(own).LoadPlan("try");
        Assert.True(plan.Blocks >= Reaplab.Analysis.AnalysisRules.LeastBlocksForVerdict);
        Assert.All(
            plan.Scenarios,
            scenario => Assert.Contains(plan.Cells, cell => cell.Scenario == scenario && cell.Method == "kill")
        );
    }

    [Fact]
    public void A_plan_without_the_base_is_refused()
    {
        var plan = new Catalog(own).LoadPlan("smoke");
        var error = Assert.Throws<ReaplabException>(() => plan.For("noop", CandidateCheckout.Name, []));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Theory]
    [InlineData("int main(void) {}", "defines no method")]
    [InlineData("\n.name = \"kill\"\nMETHOD(kill)", "there already is a method 'kill'")]
    [InlineData(".name = \"x\", .killer = \"locked\"\nMETHOD(x)", "leaves the kill to the killer program")]
    public void A_source_that_is_no_method_to_try_is_refused(string source, string why)
    {
        var file = Path.Combine(folder, "method.c");
        File.WriteAllText(file, source);
        var error = Assert.Throws<ConfigurationException>(() => CandidateMethod.Read(file, ["kill"]));
        Assert.Contains(why, error.Message);
    }

    private CandidateMethod Method(string source)
    {
        var file = Path.Combine(folder, "my-method.c");
        File.WriteAllText(file, source);
        return CandidateMethod.Read(file, ["kill"]);
    }

    private CandidateCheckout Lay(string title, CandidateMethod? method)
    {
        var checkout = new CandidateCheckout(own);
        checkout.Create();
        var patch = Path.Combine(checkout.Folder, "0001-x.patch");
        File.WriteAllText(patch, "");
        checkout.Add(new ImportedSeries(title, [patch], null), "series.mbox", "6.12", ["CONFIG_X=y"], method);
        return checkout;
    }
}
