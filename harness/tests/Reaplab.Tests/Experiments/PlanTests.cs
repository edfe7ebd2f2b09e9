// SPDX-License-Identifier: MIT
using Reaplab.Experiments;
using Reaplab.Foundation;

namespace Reaplab.Tests.Experiments;

public sealed class PlanTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    private static readonly Dictionary<string, IReadOnlyList<string>> Methods = new()
    {
        ["stock"] = ["kill", "process_mrelease"],
        ["process-reap"] = ["kill", "process_mrelease", "process_reap"],
    };

    private const string Scenario = """
        name: NAME
        summary: s
        purpose: p
        limit: 2s
        decided_under_emulation: true
        victim: {memory: private, bytes: 512MiB, vmas: 8}
        """;

    private const string Plan = """
        name: plan
        summary: s
        base: "6.12"
        blocks: 3
        trials: 4
        margin: 1.1
        cells:
          - scenarios: [idle, pressure]
            unobserved: 2
            kernels:
              stock: [kill, process_mrelease]
              process-reap: [process_reap]
          - scenarios: [idle]
            first_blocks: 2
            trials: 1
            kernels: {process-reap: [kill]}
        """;

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name + ".yaml");
        File.WriteAllText(file, text.Replace("NAME", name, StringComparison.Ordinal));
        return file;
    }

    private PlanDefinition Load(string plan)
    {
        var scenarios = new[]
        {
            ScenarioDefinition.Load(Write("idle", Scenario)),
            ScenarioDefinition.Load(
                Write(
                    "pressure",
                    Scenario + "\nmachine: {memory: 1GiB}\nbackground: {thrashers: 6, thrasher_bytes: 220MiB}\n"
                )
            ),
        };
        return PlanDefinition.Load(Write("plan", plan), Methods, scenarios.ToDictionary(scenario => scenario.Name));
    }

    [Fact]
    public void A_block_boots_every_kernel_once_per_machine_shape_with_all_its_cells()
    {
        var experiment = Experiment.Expand(Load(Plan), seed: 1);
        Assert.Equal(3, experiment.Blocks.Count);
        var boots = experiment.Blocks[0].Boots;
        Assert.Equal(4, boots.Count);
        Assert.Equal(4, boots.DistinctBy(boot => (boot.Approach, boot.Machine)).Count());
        Assert.Equal(7, boots.Sum(boot => boot.Cells.Count));
        Assert.Equal(6, experiment.Blocks[2].Boots.Sum(boot => boot.Cells.Count));
    }

    [Fact]
    public void Slots_number_a_block_without_gaps_and_the_first_trial_of_a_cell_warms_up()
    {
        var block = Experiment.Expand(Load(Plan), seed: 2).Blocks[0];
        var slots = block.Boots.SelectMany(boot => boot.Cells).SelectMany(cell => cell.Trials).ToList();
        Assert.Equal(Enumerable.Range(1, slots.Count), slots.Select(slot => slot.Slot));
        foreach (var cell in block.Boots.SelectMany(boot => boot.Cells))
        {
            Assert.True(cell.Trials[0].Warmup);
            Assert.All(cell.Trials.Skip(1), slot => Assert.False(slot.Warmup));
        }
    }

    [Fact]
    public void Unobserved_trials_come_on_top()
    {
        var cell = Experiment
            .Expand(Load(Plan), seed: 3)
            .Blocks[0]
            .Boots.SelectMany(boot => boot.Cells)
            .First(each => each.Method == "process_mrelease");
        Assert.Equal(4, cell.Trials.Count(slot => slot is { Warmup: false, Observer: true }));
        Assert.Equal(2, cell.Trials.Count(slot => !slot.Observer));
    }

    [Fact]
    public void The_same_seed_gives_the_same_experiment_and_another_another()
    {
        var plan = Load(Plan);
        Assert.Equal(Experiment.Expand(plan, 7).Hash, Experiment.Expand(plan, 7).Hash);
        Assert.NotEqual(Experiment.Expand(plan, 7).Hash, Experiment.Expand(plan, 8).Hash);
    }

    [Fact]
    public void Orders_differ_between_blocks()
    {
        var orders = Experiment
            .Expand(Load(Plan), 5)
            .Blocks.Take(2)
            .Select(block =>
                string.Join(',', block.Boots.SelectMany(boot => boot.Cells).Select(cell => cell.ToString()))
            );
        Assert.Equal(2, orders.Distinct().Count());
    }

    [Theory]
    [InlineData(
        "stock: [kill, process_mrelease]",
        "stock: [kill, process_reap]",
        11,
        "approach 'stock' offers no method 'process_reap'"
    )]
    [InlineData("process-reap: [process_reap]", "reap: [process_reap]", 12, "there is no approach 'reap'")]
    [InlineData(
        "scenarios: [idle]",
        "scenarios: [idel]",
        13,
        "there is no scenario 'idel' (there are: idle, pressure)"
    )]
    [InlineData("blocks: 3", "blocks: 0", 4, "blocks must be at least 1")]
    [InlineData("margin: 1.1", "margin: 0.1", 6, "margin is a ratio above 1")]
    [InlineData("name: plan", "name: plain", 1, "name and file name must agree")]
    [InlineData("trials: 4", "trails: 4", 5, "unknown key 'trails'")]
    public void A_wrong_plan_is_refused_with_file_and_line(string right, string wrong, int line, string message)
    {
        var error = Assert.Throws<ConfigurationException>(() =>
            Load(Plan.Replace(right, wrong, StringComparison.Ordinal))
        );
        Assert.Equal(line, error.Line);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("vmas: 8", "vmaz: 8", "unknown key 'vmaz' in victim:")]
    [InlineData("512MiB", "512MB", "'512MB' is not a value of victim.bytes")]
    [InlineData("limit: 2s", "limit: 2", "'2' is not a time")]
    [InlineData("limit: 2s", "limit: 2s\ncpus: {killer: 2}", "killer is put on CPU 2, but the machine has 2")]
    [InlineData("limit: 2s", "limit: 2s\nkiller: {niceness: 19}", "unknown key 'niceness' in killer:")]
    [InlineData("limit: 2s", "limit: 2s\nbackground: {idlers: many}", "'many' is not a value of background.idlers")]
    [InlineData("vmas: 8", "neighbour: friendly", "'friendly' is not a value of victim.neighbour")]
    [InlineData("vmas: 8", "earlier_bytes: much", "'much' is not a value of victim.earlier_bytes")]
    [InlineData("vmas: 8", "earlier_ms: 0.1", "'0.1' is not a value of victim.earlier_ms")]
    [InlineData("vmas: 8", "clock: swap", "'swap' is not a value of victim.clock")]
    public void A_wrong_scenario_is_refused_with_its_file(string right, string wrong, string message)
    {
        var file = Write("bad", Scenario.Replace(right, wrong, StringComparison.Ordinal));
        var error = Assert.Throws<ConfigurationException>(() => ScenarioDefinition.Load(file));
        Assert.StartsWith(file, error.Message);
        Assert.True(error.Line > 0);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void A_scenario_becomes_the_words_of_a_trial()
    {
        var scenario = ScenarioDefinition.Load(
            Write(
                "words",
                Scenario.Replace(
                    "vmas: 8",
                    "vmas: 8, swapped_bytes: 192MiB, clock: memory+swap",
                    StringComparison.Ordinal
                ) + "\nkiller: {nice: 19, spinner: 1}\ncpus: {killer: 1}\nbackground: {idlers: 10000}\n"
            )
        );
        Assert.Equal("10000", scenario.Background["idlers"]);
        Assert.Equal(
            "bytes=536870912 clock=memory+swap killer_cpu=1 killer_nice=19 killer_spinner=1 limit_ns=2000000000"
                + " memory=private swapped_bytes=201326592 vmas=8",
            string.Join(' ', scenario.Trial.Select(word => $"{word.Key}={word.Value}"))
        );
        Assert.Equal(536870912, scenario.VictimBytes);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
