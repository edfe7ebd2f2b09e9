// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Cli.Display;
using Reaplab.Cli.Verifying;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Verification;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab build</c>: kernels and image into the cache.</summary>
internal static class BuildCommand
{
    internal static Command Create()
    {
        var approaches = new Argument<string[]>("approach")
        {
            Description = "Approaches to build (default: those of the plan)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var plan = new Option<string>("--plan")
        {
            Description = "Build what this plan needs",
            DefaultValueFactory = _ => "preview",
        };
        var debug = new Option<bool>("--debug")
        {
            Description = "Build the debug flavour (KASAN, lockdep), for verify",
        };
        var forTests = new Option<bool>("--for-tests")
        {
            Description = "Build also what the tests that boot kernels verify",
        };
        var eachPatch = new Option<bool>("--each-patch")
        {
            Description = "Build after each patch of the approaches named, with W=1, and say which patch breaks",
        };
        var command = new Command("build", "Build kernels and the guest image")
        {
            approaches,
            plan,
            debug,
            forTests,
            eachPatch,
            CommonOptions.Jobs,
            CommonOptions.KernelTree,
            CommonOptions.Dirty,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var catalog = Catalog.Find();
                var named = parsed.GetValue(approaches) ?? [];
                var flavour = parsed.GetValue(debug) ? KernelFlavour.Debug : KernelFlavour.Timing;
                var loaded = catalog.LoadPlan(parsed.GetValue(plan)!);
                var display = new ConsoleDisplay();
                var preparation = new Preparation(catalog, parsed, display);
                if (parsed.GetValue(eachPatch))
                {
                    return await CheckEachPatchAsync(
                        catalog,
                        named,
                        loaded.Base,
                        preparation,
                        display,
                        cancellationToken
                    );
                }

                var kernels = await display.ShowAsync(async () =>
                {
                    var built = await preparation.BuildAsync(
                        named.Length > 0 ? named : loaded.Approaches,
                        loaded.Base,
                        flavour,
                        cancellationToken
                    );
                    return parsed.GetValue(forTests)
                        ? [.. built, .. await BuildForTestsAsync(catalog.Workspace, preparation, cancellationToken)]
                        : built;
                });
                foreach (var kernel in kernels)
                {
                    Console.WriteLine($"{kernel.Approach}\t{kernel.Hash[..12]}\t{kernel.ImagePath}");
                }

                return (int)ExitCode.Success;
            }
        );
        return command;
    }

    private static async Task<int> CheckEachPatchAsync(
        Catalog catalog,
        string[] named,
        string baseName,
        Preparation preparation,
        ConsoleDisplay display,
        CancellationToken cancellationToken
    )
    {
        if (named.Length == 0)
        {
            throw new ReaplabException("--each-patch needs the name of an approach", ExitCode.Usage);
        }

        var isWell = true;
        foreach (var name in named)
        {
            // Loaded first: a misspelt name is an error before anything is built for another one.
            _ = ApproachDefinition.Load(catalog.Workspace, name);
        }

        Ktap.Begin(0, named.Length);
        foreach (var (number, name) in named.Select((each, index) => (index + 1, each)))
        {
            Ktap.Line(1, $"# Subtest: {name}");
            var checks = await display.ShowAsync(() =>
                preparation.CheckEachPatchAsync(name, baseName, cancellationToken)
            );
            var isOk = Ktap.Report(1, checks);
            Ktap.Line(0, $"{(isOk ? "ok" : "not ok")} {number} {name}");
            isWell &= isOk;
        }

        return (int)(isWell ? ExitCode.Success : ExitCode.Usage);
    }

    /// <summary>One by one, as they are verified: the configuration of a kernel depends on what it is built with.</summary>
    private static async Task<IReadOnlyList<KernelBuild>> BuildForTestsAsync(
        Workspace workspace,
        Preparation preparation,
        CancellationToken cancellationToken
    )
    {
        var kernels = new List<KernelBuild>();
        var approaches = new VerificationSubjects(workspace).FindForTests();
        foreach (var baseName in approaches.Select(VerificationSubjects.BaseOf).Distinct(StringComparer.Ordinal))
        {
            _ = await preparation.BuildSelftestsAsync(baseName, cancellationToken);
        }

        foreach (var approach in approaches)
        {
            kernels.AddRange(
                await preparation.BuildAsync(
                    [approach.Name.Value],
                    VerificationSubjects.BaseOf(approach),
                    KernelFlavour.Timing,
                    cancellationToken
                )
            );
        }

        kernels.AddRange(await BuildForStressAsync(workspace, preparation, cancellationToken));
        return kernels;
    }

    /// <summary>The debug kernels for races, as few as possible: each takes as long as all others together.</summary>
    private static async Task<IReadOnlyList<KernelBuild>> BuildForStressAsync(
        Workspace workspace,
        Preparation preparation,
        CancellationToken cancellationToken
    )
    {
        var kernels = new List<KernelBuild>();
        var approaches = new VerificationSubjects(workspace, VerificationKind.Stress).FindForTests();
        foreach (var together in approaches.GroupBy(VerificationSubjects.BaseOf, StringComparer.Ordinal))
        {
            var stacks = await preparation.FindStacksAsync(
                [.. together.Select(approach => approach.Name.Value)],
                together.Key,
                KernelFlavour.Debug,
                cancellationToken
            );
            foreach (var stack in stacks)
            {
                kernels.AddRange(
                    await preparation.BuildAsync([stack], together.Key, KernelFlavour.Debug, cancellationToken)
                );
            }
        }

        return kernels;
    }
}
