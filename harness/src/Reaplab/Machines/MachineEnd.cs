// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>How a machine ended and what its console said.</summary>
/// <param name="Kind">The kind of end.</param>
/// <param name="Title">One line that names the cause; for a crash the kernel's own, without addresses and numbers that differ between boots.</param>
/// <param name="ConsoleExcerpt">The console's lines around the cause, or its last ones.</param>
public sealed record MachineEnd(MachineEndKind Kind, string Title, string ConsoleExcerpt)
{
    /// <summary>True where the kernel under test is to blame: a result, never retried in silence.</summary>
    public bool IsKernelFault => Kind is not (MachineEndKind.Stopped or MachineEndKind.HostTrouble);

    /// <summary>True where the kernel stopped answering without crashing.</summary>
    public bool IsHang => Kind is MachineEndKind.HungAtBoot or MachineEndKind.NoProgress or MachineEndKind.LostSsh;
}
