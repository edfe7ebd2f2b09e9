// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Machines;

namespace Reaplab.Cli;

/// <summary>Options that several commands share, each with one meaning and one spelling.</summary>
internal static class CommonOptions
{
    internal static Option<AcceleratorChoice> Accelerator { get; } =
        new("--accel")
        {
            Description = "How guests are run: kvm, tcg, or auto, which tries a real boot",
            DefaultValueFactory = _ => AcceleratorChoice.Auto,
        };

    internal static Option<string?> Ssh { get; } =
        new("--ssh") { Description = "SSH client: openssh or ssh.net (default: ssh.net where its plug-in was built)" };

    internal static Option<int> Jobs { get; } =
        new("--jobs", "-j")
        {
            Description = "Compilers at once",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };

    internal static Option<string?> KernelTree { get; } =
        new("--kernel-tree")
        {
            Description =
                "Build from this git tree of Linux; it is only read (default: what KERNEL_TREE names, if anything)",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("KERNEL_TREE"),
        };

    internal static Option<bool> Dirty { get; } =
        new("--dirty") { Description = "Take the kernel tree with its uncommitted changes" };

    internal static Option<string> Plots { get; } =
        new("--plots")
        {
            Description = "What draws the plots: gnuplot or scottplot",
            DefaultValueFactory = _ => "gnuplot",
        };
}
