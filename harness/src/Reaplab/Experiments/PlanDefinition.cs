// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Experiments;

/// <summary>An experiment file: which cells, how many blocks and trials, and what counts as equal.</summary>
public sealed record PlanDefinition
{
    /// <summary>Name, the file's own.</summary>
    public required string Name { get; init; }

    /// <summary>One line for lists.</summary>
    public required string Summary { get; init; }

    /// <summary>The kernel source its approaches are built on.</summary>
    public required string Base { get; init; }

    /// <summary>Blocks to run; the stopping rule, fixed in advance.</summary>
    public required int Blocks { get; init; }

    /// <summary>Equivalence margin as a ratio above 1, declared before the run: 1.10 means within 10 %.</summary>
    public required double Margin { get; init; }

    /// <summary>Its cells, in the order of the file.</summary>
    public required IReadOnlyList<PlannedCell> Cells { get; init; }

    /// <summary>Approaches it needs kernels of, in the order of the file.</summary>
    public IReadOnlyList<string> Approaches => [.. Cells.Select(cell => cell.Approach).Distinct()];

    /// <summary>Scenarios it uses, in the order of the file.</summary>
    public IReadOnlyList<ScenarioDefinition> Scenarios => [.. Cells.Select(cell => cell.Scenario).Distinct()];

    /// <summary>Reads a plan and checks every name in it.</summary>
    /// <param name="file">A file of workloads/plans.</param>
    /// <param name="methods">Methods each approach's kernel offers, by approach.</param>
    /// <param name="scenarios">Known scenarios.</param>
    /// <exception cref="ConfigurationException">It is not a plan, or names what there is not.</exception>
    public static PlanDefinition Load(
        string file,
        IReadOnlyDictionary<string, IReadOnlyList<string>> methods,
        IReadOnlyDictionary<string, ScenarioDefinition> scenarios
    )
    {
        var read = YamlFile.Load<PlanFile>(file);
        if (read.Name.Value != Path.GetFileNameWithoutExtension(file))
        {
            throw new ConfigurationException(
                file,
                read.Name.Line,
                $"the plan calls itself '{read.Name.Value}'; name and file name must agree"
            );
        }

        AtLeast(file, read.Blocks, 1, "blocks");
        AtLeast(file, read.Trials, 1, "trials");
        if (read.Margin.Value <= 1)
        {
            throw new ConfigurationException(
                file,
                read.Margin.Line,
                "margin is a ratio above 1: 1.10 means that cells within 10 % count as equal"
            );
        }

        var cells = new List<PlannedCell>();
        foreach (var group in read.Cells)
        {
            AtLeast(file, group.Trials, 1, "trials");
            AtLeast(file, group.Unobserved, 0, "unobserved");
            AtLeast(file, group.FirstBlocks, 1, "first_blocks");
            foreach (var scenarioName in group.Scenarios)
            {
                var scenario = Known(file, "scenario", scenarioName, scenarios);
                foreach (var (approach, names) in group.Kernels)
                {
                    foreach (var method in names)
                    {
                        var offered = Known(file, "approach", new Located<string>(approach, method.Line), methods);
                        if (!offered.Contains(method.Value))
                        {
                            throw new ConfigurationException(
                                file,
                                method.Line,
                                $"approach '{approach}' offers no method '{method.Value}' (it offers: {string.Join(", ", offered)})"
                            );
                        }

                        cells.Add(
                            new PlannedCell(
                                approach,
                                method.Value,
                                scenario,
                                (group.Trials ?? read.Trials).Value,
                                group.Unobserved?.Value ?? 0,
                                group.FirstBlocks?.Value ?? read.Blocks.Value
                            )
                        );
                    }
                }
            }
        }

        return new PlanDefinition
        {
            Name = read.Name.Value,
            Summary = read.Summary,
            Base = read.Base,
            Blocks = read.Blocks.Value,
            Margin = read.Margin.Value,
            Cells = cells,
        };
    }

    /// <summary>
    /// The same plan for a candidate that is compared with a reference: the reference's cells, each of them once more for
    /// the candidate, and beside them the methods that only the candidate has.
    /// </summary>
    /// <param name="reference">Approach whose cells are kept; those of others are left out.</param>
    /// <param name="candidate">Approach that gets the same cells.</param>
    /// <param name="methods">Methods that only the candidate has, run wherever memory is freed.</param>
    /// <exception cref="ReaplabException">The plan has no cell of the reference.</exception>
    public PlanDefinition For(string reference, string candidate, IReadOnlyList<string> methods)
    {
        var kept = Cells.Where(cell => cell.Approach == reference).ToList();
        if (kept.Count == 0)
        {
            throw new ReaplabException(
                $"plan '{Name}' has no cell of '{reference}', which a series is compared with",
                ExitCode.Usage
            );
        }

        var added = kept.Where(cell => !cell.Scenario.Decide)
            .GroupBy(cell => cell.Scenario)
            .SelectMany(group =>
                methods.Select(method => new PlannedCell(
                    candidate,
                    method,
                    group.Key,
                    group.Max(cell => cell.Trials),
                    Unobserved: 0,
                    Blocks
                ))
            );
        return this with { Cells = [.. kept, .. kept.Select(cell => cell with { Approach = candidate }), .. added] };
    }

    private static T Known<T>(string file, string kind, Located<string> name, IReadOnlyDictionary<string, T> known) =>
        known.TryGetValue(name.Value, out var value)
            ? value
            : throw new ConfigurationException(
                file,
                name.Line,
                $"there is no {kind} '{name.Value}' (there are: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))})"
            );

    private static void AtLeast(string file, Located<int>? number, int least, string key)
    {
        if (number is { } given && given.Value < least)
        {
            throw new ConfigurationException(file, given.Line, $"{key} must be at least {least}");
        }
    }
}
