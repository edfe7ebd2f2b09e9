// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Foundation;
using Reaplab.Machines;
using Reaplab.Ssh;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab doctor</c>: is this host fit, and if not, what to type.</summary>
internal static class DoctorCommand
{
    /// <summary>Source, objects and five kernels take 2.2 GiB, the debug flavour about twice that; less ends in a full disk half-way.</summary>
    private const long LeastFreeBytes = 6L << 30;

    internal static Command Create()
    {
        var command = new Command("doctor", "Check this host and name what is missing");
        command.SetAction(async (_, cancellationToken) => await RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var workspace = Workspace.Find(Environment.CurrentDirectory);
        Directory.CreateDirectory(workspace.CacheDirectory);
        var packages = await ProcessRunner.RunAsync(
            new ProcessRequest(
                Path.Combine(workspace.Root, "harness", "dependencies"),
                ["check"],
                TimeSpan.FromSeconds(30)
            ),
            cancellationToken
        );
        var fit = Say(packages.ExitCode == 0, "packages", packages.StandardOutput.Trim());

        var free = new DriveInfo(workspace.CacheDirectory).AvailableFreeSpace;
        fit &= Say(
            free >= LeastFreeBytes,
            "disk",
            $"{free >> 30} GiB free at the cache {workspace.CacheDirectory}, {LeastFreeBytes >> 30} GiB wanted"
        );
        fit &= Say(Environment.ProcessorCount >= 2, "processors", $"{Environment.ProcessorCount}, at least 2 wanted");
        Say(
            true,
            "/dev/kvm",
            File.Exists("/dev/kvm")
                ? "there; whether a guest starts under it, only a boot can tell"
                : "not there: guests will be emulated (TCG)"
        );
        Say(TscRate.Kilohertz is not null, "tsc rate", $"{TscRate.Kilohertz} kHz");
        Say(
            true,
            "ssh clients",
            string.Join(", ", SshSessionFactories.Discover(workspace).Select(each => $"{each.Name} ({each.Version})"))
        );
        return (int)(fit ? ExitCode.Success : ExitCode.Infrastructure);
    }

    private static bool Say(bool good, string what, string detail)
    {
        Console.WriteLine($"{(good ? "ok  " : "FAIL")}  {what}: {detail}");
        return good;
    }
}
