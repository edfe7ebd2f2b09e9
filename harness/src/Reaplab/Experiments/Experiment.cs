// SPDX-License-Identifier: MIT
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Reaplab.Experiments;

/// <summary>A plan expanded into blocks: what will be done, in which order, decided before anything runs.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Seed">Seed of every random order.</param>
/// <param name="Hash">SHA-256 over plan, scenarios, seed and order: the experiment's identity.</param>
/// <param name="Blocks">The blocks.</param>
public sealed record Experiment(PlanDefinition Plan, long Seed, string Hash, IReadOnlyList<Block> Blocks)
{
    /// <summary>Expands a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="seed">Same plan and seed, same experiment.</param>
    public static Experiment Expand(PlanDefinition plan, long seed)
    {
        // System.Random with a seed is documented to keep its sequence; a shuffle by it is reproducible.
        var random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        var blocks = Enumerable.Range(1, plan.Blocks).Select(number => ExpandBlock(plan, number, random)).ToList();
        var text = JsonSerializer.Serialize(
            new
            {
                plan,
                seed,
                blocks,
            }
        );
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new Experiment(plan, seed, hash, blocks);
    }

    private static Block ExpandBlock(PlanDefinition plan, int number, Random random)
    {
        // One boot per kernel and machine shape: pressure scenarios leave a machine swapped and fragmented, so they
        // get one of their own instead of poisoning their neighbours.
        var boots = plan
            .Cells.Where(cell => number <= cell.FirstBlocks)
            .GroupBy(cell => (cell.Approach, cell.Scenario.Machine))
            .ToArray();
        random.Shuffle(boots);
        var slot = 0;
        return new Block(
            number,
            [
                .. boots.Select(boot => new Boot(
                    boot.Key.Approach,
                    boot.Key.Machine,
                    ExpandCells(boot, random, ref slot)
                )),
            ]
        );
    }

    private static List<Cell> ExpandCells(IEnumerable<PlannedCell> planned, Random random, ref int slot)
    {
        // A background is set up once and shared, so cells stay together by background; both orders are random.
        var groups = planned.GroupBy(cell => string.Join(' ', cell.Scenario.Background)).ToArray();
        random.Shuffle(groups);
        var cells = new List<Cell>();
        foreach (var group in groups)
        {
            var shuffled = group.ToArray();
            random.Shuffle(shuffled);
            foreach (var cell in shuffled)
            {
                var trials = ExpandTrials(cell, random, slot);
                slot += trials.Count;
                cells.Add(new Cell(cell.Approach, cell.Method, cell.Scenario, trials));
            }
        }

        return cells;
    }

    private static List<TrialSlot> ExpandTrials(PlannedCell cell, Random random, int slot)
    {
        var observed = Enumerable.Repeat(true, cell.Trials).Concat(Enumerable.Repeat(false, cell.Unobserved)).ToArray();
        random.Shuffle(observed);
        return
        [
            .. observed
                .Prepend(true)
                .Select((observer, index) => new TrialSlot(slot + index + 1, index + 1, index == 0, observer)),
        ];
    }
}
