// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.Diagnostics;
using Reaplab.Cli.Display;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Ssh;
using Reaplab.Trials;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab boot</c>: a shell in a guest, for a developer's own look.</summary>
internal static class BootCommand
{
    internal static Command Create()
    {
        var approach = new Argument<string>("approach") { Description = "Whose kernel to boot" };
        var run = new Option<string?>("--run") { Description = "Run this command in the guest instead of a shell" };
        var debug = new Option<bool>("--debug") { Description = "Boot the debug flavour" };
        var memory = new Option<string>("--memory") { Description = "Guest memory", DefaultValueFactory = _ => "2GiB" };
        var cpus = new Option<int>("--cpus") { Description = "Virtual CPUs", DefaultValueFactory = _ => 2 };
        var command = new Command("boot", "Boot a kernel and open a shell in the guest")
        {
            approach,
            run,
            debug,
            memory,
            cpus,
            CommonOptions.Accelerator,
            CommonOptions.Ssh,
            CommonOptions.Jobs,
            CommonOptions.KernelTree,
            CommonOptions.Dirty,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (!ByteSize.TryParse(parsed.GetValue(memory)!, out var bytes))
                {
                    throw new ReaplabException(
                        $"--memory {parsed.GetValue(memory)}: not a size such as 2GiB",
                        ExitCode.Usage
                    );
                }

                var display = new ConsoleDisplay();
                var catalog = Catalog.Find();
                var name = parsed.GetValue(approach)!;
                var definition = ApproachDefinition.Load(catalog.Workspace, name);
                using var scratch = new ScratchDirectory();
                var prepared = await display.ShowAsync(() =>
                    new Preparation(catalog, parsed, display).PrepareAsync(
                        [name],
                        definition.Bases[0],
                        parsed.GetValue(debug) ? KernelFlavour.Debug : KernelFlavour.Timing,
                        scratch.Path,
                        cancellationToken
                    )
                );
                await using var guest = await Guest.StartAsync(
                    prepared.Run,
                    prepared.Run.Kernels[name],
                    new MachineShape(parsed.GetValue(cpus), bytes),
                    scratch.Path,
                    cancellationToken
                );
                display.Line($"guest ready after {guest.BootTime.TotalSeconds:0.0} s; leave the shell to stop it");
                return parsed.GetValue(run) is { } words
                    ? await RunOneAsync(guest, words, cancellationToken)
                    : await ShellAsync(guest, prepared.Run.Credentials.PrivateKeyPath, cancellationToken);
            }
        );
        return command;
    }

    private static async Task<int> RunOneAsync(Guest guest, string words, CancellationToken cancellationToken)
    {
        // A developer's command may take as long as it takes; Ctrl-C ends it.
        var result = await guest.Session.RunAsync(words, TimeSpan.FromHours(24), cancellationToken);
        Console.Out.Write(result.StandardOutput);
        Console.Error.Write(result.StandardError);
        return result.ExitCode;
    }

    private static async Task<int> ShellAsync(Guest guest, string key, CancellationToken cancellationToken)
    {
        // The user's own terminal goes straight to ssh: no library stands between a person and a shell.
        var info = new ProcessStartInfo("ssh")
        {
            ArgumentList =
            {
                "-t",
                "-q",
                "-i",
                key,
                "-p",
                guest.Machine.SshPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                $"{SshTarget.User}@{SshTarget.Host}",
            },
        };
        using var shell = await ChildProcessThread.StartAsync(() => Process.Start(info)!);
        await shell.WaitForExitAsync(cancellationToken);
        return (int)ExitCode.Success;
    }
}
