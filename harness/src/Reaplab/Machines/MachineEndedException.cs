// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Machines;

/// <summary>A machine ended while something was still expected of it.</summary>
public sealed class MachineEndedException : ReaplabException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="consolePath">The console's file, named in the message.</param>
    public MachineEndedException(MachineEnd end, string consolePath)
        : base(Compose(end, consolePath), end.IsKernelFault ? ExitCode.KernelCrash : ExitCode.Infrastructure) =>
        End = end;

    /// <summary>How it ended.</summary>
    public MachineEnd End { get; }

    private static string Compose(MachineEnd end, string consolePath)
    {
        var what = end.Kind switch
        {
            MachineEndKind.Stopped => "the machine was stopped",
            MachineEndKind.Panicked => "the guest's kernel panicked",
            MachineEndKind.Oopsed => "the guest's kernel crashed",
            MachineEndKind.HungAtBoot => "the guest hung at boot",
            MachineEndKind.NoProgress => "the guest makes no progress",
            MachineEndKind.ExitedEarly => "the guest ended by itself",
            MachineEndKind.LostSsh => "the guest no longer answers over SSH",
            _ => "QEMU failed",
        };
        var excerpt = string.Join('\n', end.ConsoleExcerpt.Split('\n').TakeLast(20).Select(line => "    " + line));
        return $"{what}: {end.Title}\n  its console ({consolePath}):\n{excerpt}";
    }
}
