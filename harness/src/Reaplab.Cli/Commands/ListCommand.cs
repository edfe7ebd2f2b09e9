// SPDX-License-Identifier: MIT
using System.CommandLine;
using Spectre.Console;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab list</c>: what the checkout offers and what was run.</summary>
internal static class ListCommand
{
    internal static Command Create() =>
        new("list", "Show what there is")
        {
            Kind("approaches", "Proposals, each a patch series", Approaches),
            Kind("methods", "What the killing side can do, and on which kernel", Methods),
            Kind("scenarios", "Conditions of system and victim", Scenarios),
            Kind("plans", "Experiments", Plans),
            Kind("runs", "Finished and interrupted runs", Runs),
        };

    private static Command Kind(string name, string description, Action<Catalog> show)
    {
        var command = new Command(name, description);
        command.SetAction(_ => show(Catalog.Find()));
        return command;
    }

    private static void Approaches(Catalog catalog) =>
        Show(
            ["approach", "proposal", "what"],
            catalog.Approaches.Select(each => new[] { each.Name.Value, each.Proposal, each.Title })
        );

    private static void Methods(Catalog catalog) =>
        Show(
            ["method", "on kernels with", "what"],
            catalog.Approaches.SelectMany(approach =>
                approach.Methods.Select(method => new[] { method.Name.Value, approach.Name.Value, method.Summary })
            )
        );

    private static void Scenarios(Catalog catalog) =>
        Show(["scenario", "what"], catalog.Scenarios.Values.Select(each => new[] { each.Name, each.Summary }));

    private static void Plans(Catalog catalog) =>
        Show(
            ["plan", "blocks", "what"],
            catalog.PlanNames.Select(name =>
            {
                var plan = catalog.LoadPlan(name);
                return new[]
                {
                    name,
                    plan.Blocks.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    plan.Summary,
                };
            })
        );

    private static void Runs(Catalog catalog) =>
        Show(
            ["run", "blocks", "ended"],
            RunFolders
                .Find(catalog.Workspace)
                .Select(folder =>
                {
                    var manifest = folder.ReadManifest();
                    return new[]
                    {
                        manifest.Run,
                        $"{manifest.Blocks.Count}/{manifest.BlocksPlanned}",
                        manifest.Ended?.ToString("u", System.Globalization.CultureInfo.InvariantCulture)
                            ?? "interrupted",
                    };
                })
        );

    private static void Show(string[] header, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in header)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap().PadRight(2));
        }

        // The last column is prose and may wrap; on a pipe there is no width to wrap to.
        table.Columns[^1].NoWrap = false;
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        AnsiConsole.Write(table);
    }
}
