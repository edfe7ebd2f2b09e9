// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.Security.Cryptography;
using Reaplab.Cli.Display;
using Reaplab.Cli.Trying;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab try</c>: anyone's series, from mail to a table for its cover letter.</summary>
internal static class TryCommand
{
    private static readonly Argument<string> Series = new("series")
    {
        Description = "A mailbox (also .gz), a folder of *.patch, or BASE..HEAD of the tree that KERNEL_TREE names",
    };

    private static readonly Option<string?> Base = new("--base")
    {
        Description =
            "The base whose configuration is used, and whose source unless KERNEL_TREE names one (default: the plan's)",
    };

    private static readonly Option<string?> Method = new("--method")
    {
        Description = "A C source for the agent that uses what the series brings (see workloads/agent/methods/)",
    };

    private static readonly Option<string> Plan = new("--plan")
    {
        Description = "The plan; its cells of stock are run for the base and for the series",
        DefaultValueFactory = _ => "try",
    };

    private static readonly Option<string[]> Config = new("--config")
    {
        Description = "A configuration symbol the series needs, e.g. CONFIG_X=y; may be given again",
    };

    private static readonly Option<long?> Seed = new("--seed")
    {
        Description = "Seed of every random order (default: a new one, recorded)",
    };

    internal static Command Create()
    {
        var command = new Command("try", "Build, verify and measure a series of your own against its base")
        {
            Series,
            Base,
            Method,
            Plan,
            Config,
            Seed,
            CommonOptions.Accelerator,
            CommonOptions.Ssh,
            CommonOptions.Jobs,
            CommonOptions.KernelTree,
            CommonOptions.Dirty,
            CommonOptions.Plots,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var catalog = Catalog.Find();
        var named = parsed.GetValue(Series)!;
        var definition = catalog.LoadPlan(parsed.GetValue(Plan)!);
        var baseName = parsed.GetValue(Base) ?? definition.Base;
        _ = BaseDefinition.Load(catalog.Workspace, baseName);
        var reporting = new Reporting(catalog.Workspace, parsed.GetValue(CommonOptions.Plots)!);
        var known = catalog.Approaches.SelectMany(each => each.Methods).Select(each => each.Name.Value).ToHashSet();
        var method = parsed.GetValue(Method) is { } file ? CandidateMethod.Read(file, known) : null;

        var checkout = new CandidateCheckout(catalog.Workspace);
        checkout.Create();
        var tree = parsed.GetValue(CommonOptions.KernelTree) is { Length: > 0 } given ? given : null;
        var series = await new SeriesImporter(checkout.Folder).ImportAsync(named, tree, cancellationToken);
        checkout.Add(series, named, baseName, parsed.GetValue(Config) ?? [], method);

        var display = new ConsoleDisplay();
        var patches = series.Patches.Count == 1 ? "1 patch" : $"{series.Patches.Count} patches";
        display.Line($"\"{series.Title}\": {patches}, in {checkout.Folder}");
        var candidate = new Catalog(checkout.Workspace);
        var plan = definition.For(
            ApproachDefinition.Stock,
            CandidateCheckout.Name,
            method is null ? [] : [method.Name]
        ) with
        {
            Base = baseName,
        };
        var preparation = new Preparation(candidate, parsed, display, series.BaseCommit);
        var status = await new CandidateTrial(
            catalog.Workspace,
            candidate,
            series,
            plan,
            preparation,
            display
        ).RunAsync(
            DescribeCommand(parsed),
            parsed.GetValue(Seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue),
            reporting,
            cancellationToken
        );
        if (status == ExitCode.Success)
        {
            // Kept only where an error names a file in it.
            Directory.Delete(checkout.Workspace.Root, recursive: true);
        }

        return (int)status;
    }

    /// <summary>The command as a reader of the cover letter would repeat it: file names without the user's folders.</summary>
    private static string DescribeCommand(ParseResult parsed)
    {
        var words = new List<string> { "reaplab try", Last(parsed.GetValue(Series)!) };
        if (parsed.GetValue(Base) is { } baseName)
        {
            words.Add($"--base {baseName}");
        }

        if (parsed.GetValue(Method) is { } method)
        {
            words.Add($"--method {Last(method)}");
        }

        if (parsed.GetValue(Plan) is { } plan and not "try")
        {
            words.Add($"--plan {Last(plan)}");
        }

        return string.Join(' ', words.Concat((parsed.GetValue(Config) ?? []).Select(symbol => $"--config {symbol}")));

        static string Last(string path) =>
            File.Exists(path) || Directory.Exists(path) ? Path.GetFileName(path.TrimEnd('/')) : path;
    }
}
