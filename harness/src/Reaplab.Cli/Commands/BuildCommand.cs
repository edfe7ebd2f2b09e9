// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Cli.Display;
using Reaplab.Foundation;
using Reaplab.Kernels;

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
        var command = new Command("build", "Build kernels and the guest image")
        {
            approaches,
            plan,
            debug,
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
                var kernels = await display.ShowAsync(() =>
                    preparation.BuildAsync(
                        named.Length > 0 ? named : loaded.Approaches,
                        loaded.Base,
                        flavour,
                        cancellationToken
                    )
                );
                foreach (var kernel in kernels)
                {
                    Console.WriteLine($"{kernel.Approach}\t{kernel.Hash[..12]}\t{kernel.ImagePath}");
                }

                return (int)ExitCode.Success;
            }
        );
        return command;
    }
}
