// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Cli.Display;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Trials;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab verify</c>: an approach's own tests in its booted kernel, as KTAP.</summary>
internal static class VerifyCommand
{
    internal static Command Create()
    {
        var approach = new Argument<string>("approach") { Description = "The approach to verify" };
        var timing = new Option<bool>("--timing")
        {
            Description = "Use the kernel that is measured instead of the debug flavour; what needs debug is skipped",
        };
        var command = new Command("verify", "Run an approach's functional tests in its booted kernel")
        {
            approach,
            timing,
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
                var name = parsed.GetValue(approach)!;
                var definition = ApproachDefinition.Load(catalog.Workspace, name);
                if (definition.Selftests.Count == 0)
                {
                    throw new ConfigurationException(
                        definition.File,
                        0,
                        "names no selftests: nothing would be verified (programs of workloads/selftests, without .c)"
                    );
                }

                var display = new ConsoleDisplay();
                var flavour = parsed.GetValue(timing) ? KernelFlavour.Timing : KernelFlavour.Debug;
                using var scratch = new ScratchDirectory();
                var prepared = await display.ShowAsync(() =>
                    new Preparation(catalog, parsed, display).PrepareAsync(
                        [name],
                        definition.Bases[0],
                        flavour,
                        scratch.Path,
                        cancellationToken
                    )
                );
                return await RunAsync(prepared.Run, definition, scratch.Path, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        RunContext context,
        ApproachDefinition definition,
        string directory,
        CancellationToken cancellationToken
    )
    {
        Console.WriteLine("KTAP version 1");
        Console.WriteLine($"1..{definition.Selftests.Count}");
        var failed = 0;
        foreach (var (number, selftest) in definition.Selftests.Select((each, index) => (index + 1, each)))
        {
            // A boot for each: a warn-once or a leaked freeze of one must not colour the next.
            await using var guest = await Guest.StartAsync(
                context,
                context.Kernels[definition.Name.Value],
                new MachineShape(2, 1L << 30),
                Path.Combine(directory, selftest),
                cancellationToken
            );
            var status = await Selftest.RunAsync(
                guest,
                selftest,
                line => Console.WriteLine("  " + line),
                cancellationToken
            );
            var complaint =
                guest.Machine.KernelMessages.Count > 0 && status == 0
                    ? $" # the kernel complained: {guest.Machine.KernelMessages[0].Title}"
                    : "";
            failed += status is 0 or Selftest.Skipped ? 0 : 1;
            Console.WriteLine(
                status switch
                {
                    0 => $"ok {number} {selftest}{complaint}",
                    Selftest.Skipped => $"ok {number} {selftest} # SKIP",
                    _ => $"not ok {number} {selftest} # exit {status}",
                }
            );
        }

        return (int)(failed == 0 ? ExitCode.Success : ExitCode.Regression);
    }
}
