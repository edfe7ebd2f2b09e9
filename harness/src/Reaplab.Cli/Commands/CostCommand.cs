// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.Security.Cryptography;
using Reaplab.Analysis;
using Reaplab.Cli.Costing;
using Reaplab.Cli.Display;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab cost</c>: what series cost those who don't use them, in one table.</summary>
internal static class CostCommand
{
    private const string All = "all";

    private static readonly Argument<string[]> Approaches = new("approach")
    {
        Description = "Approaches whose series is weighed, or all; noop, the noise floor, is always there",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<int> Blocks = new("--blocks")
    {
        Description = "How often every kernel is booted; fewer than 8 give no verdicts",
        DefaultValueFactory = _ => AnalysisRules.LeastBlocksForVerdict,
    };

    private static readonly Option<long?> Seed = new("--seed")
    {
        Description = "Seed of the random orders (default: a new one, recorded)",
    };

    internal static Command Create()
    {
        var command = new Command("cost", "Weigh series against stock: size, fork, exit and page faults")
        {
            Approaches,
            Blocks,
            Seed,
            CommonOptions.Accelerator,
            CommonOptions.Ssh,
            CommonOptions.Jobs,
            CommonOptions.KernelTree,
            CommonOptions.Dirty,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var catalog = Catalog.Find();
                var blocks = parsed.GetValue(Blocks);
                if (blocks < 1)
                {
                    throw new ReaplabException($"--blocks {blocks}: at least one", ExitCode.Usage);
                }

                var display = new ConsoleDisplay();
                var named = parsed.GetValue(Approaches)!;
                var (folder, table) = await display.ShowAsync(() =>
                    new CostRun(catalog, new Preparation(catalog, parsed, display), display).RunAsync(
                        Choose(catalog, named),
                        blocks,
                        parsed.GetValue(Seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue),
                        $"reaplab cost {string.Join(' ', named)}",
                        cancellationToken
                    )
                );
                Console.Write(table);
                Console.WriteLine();
                Console.WriteLine($"table and rows:  {folder}");
                return (int)ExitCode.Success;
            }
        );
        return command;
    }

    /// <summary>The series asked for, noop first. What has no series of its own costs nothing and can't be weighed.</summary>
    internal static IReadOnlyList<ApproachDefinition> Choose(Catalog catalog, IReadOnlyList<string> named)
    {
        var weighable = catalog.Approaches.Where(approach => approach.Patches.Count > 0).ToList();
        if (!named.Contains(All, StringComparer.Ordinal))
        {
            foreach (var name in named)
            {
                var approach = ApproachDefinition.Load(catalog.Workspace, name);
                if (approach.Patches.Count == 0)
                {
                    throw new ConfigurationException(
                        approach.File,
                        0,
                        $"'{name}' has no series: there is nothing to weigh"
                    );
                }
            }

            weighable = [.. weighable.Where(each => named.Contains(each.Name.Value) || IsNoop(each))];
        }

        return [.. weighable.OrderBy(each => !IsNoop(each))];

        static bool IsNoop(ApproachDefinition approach) => approach.Name.Value == AnalysisRules.Noop;
    }
}
