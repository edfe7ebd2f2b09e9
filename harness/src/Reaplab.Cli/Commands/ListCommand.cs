// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Kernels;
using Reaplab.Verification;
using Spectre.Console;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab list</c>: what the checkout offers and what was run.</summary>
internal static class ListCommand
{
    /// <summary>Columns of a line that is read by a program: more than any name, title or address here has together.</summary>
    private const int PipeWidth = 400;

    internal static Command Create() =>
        new("list", "Show what there is")
        {
            Kind(
                "approaches",
                "Proposals, each a patch series, and where verified; in brackets: changed since",
                Approaches
            ),
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

    private static void Approaches(Catalog catalog)
    {
        var subjects = new VerificationSubjects(catalog.Workspace);
        Show(
            ["approach", "proposal", "verified", "what, and its origin"],
            catalog.Approaches.Select(each =>
                new[] { each.Name.Value, each.Proposal, Verified(each), $"{each.Title}\n{each.Source}" }
            )
        );

        string Verified(ApproachDefinition approach)
        {
            var flavours = Enum.GetValues<KernelFlavour>()
                .Select(flavour => (Name: Lower(flavour), Status: subjects.FindStatus(approach, flavour)))
                .Where(each => each.Status != VerificationStatus.Open)
                .Select(each => each.Status == VerificationStatus.Passed ? each.Name : $"({each.Name})")
                .ToList();
            return flavours.Count > 0 ? string.Join(", ", flavours) : "not yet";
        }

        static string Lower(KernelFlavour flavour) => flavour.ToString().ToLowerInvariant();
    }

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

        // The last column is prose and may wrap. On a pipe nothing is broken apart that somebody wants to grep for.
        table.Columns[^1].NoWrap = false;
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = PipeWidth;
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        AnsiConsole.Write(table);
    }
}
