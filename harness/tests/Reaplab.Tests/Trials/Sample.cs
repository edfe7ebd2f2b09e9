// SPDX-License-Identifier: MIT
using Reaplab.Experiments;

namespace Reaplab.Tests.Trials;

/// <summary>Small experiments for the tests of this folder.</summary>
internal static class Sample
{
    internal static ScenarioDefinition Scenario(string name = "idle", bool decide = false) =>
        new()
        {
            Name = name,
            Summary = "",
            Purpose = "",
            Machine = new MachineShape(2, 1L << 31),
            Background = new Dictionary<string, string>(),
            Trial = new Dictionary<string, string> { ["bytes"] = "1000000000" },
            VictimBytes = 1_000_000_000,
            Decide = decide,
            Limit = TimeSpan.FromSeconds(2),
            DecidedUnderEmulation = true,
        };

    internal static Cell Cell(string method, int trials, int firstSlot = 1, ScenarioDefinition? scenario = null) =>
        new(
            "stock",
            method,
            scenario ?? Scenario(),
            [
                .. Enumerable
                    .Range(0, trials)
                    .Select(index => new TrialSlot(firstSlot + index, index + 1, index == 0, Observer: true)),
            ]
        );

    internal static Boot Boot(params Cell[] cells) => new("stock", new MachineShape(2, 1L << 31), cells);
}
