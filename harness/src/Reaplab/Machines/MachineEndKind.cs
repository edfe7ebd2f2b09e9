// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>How a machine ended.</summary>
public enum MachineEndKind
{
    /// <summary>The harness stopped it and nothing was wrong.</summary>
    Stopped,

    /// <summary>The kernel panicked without an oops before it (no init, no memory, a lockup turned panic).</summary>
    Panicked,

    /// <summary>The kernel reported an oops or a bug of its own.</summary>
    Oopsed,

    /// <summary>The ready line did not come within the boot limit.</summary>
    HungAtBoot,

    /// <summary>Neither console output nor an answer for longer than the no-progress limit.</summary>
    NoProgress,

    /// <summary>The guest reset or powered itself off without saying why.</summary>
    ExitedEarly,

    /// <summary>The SSH connection broke while console and process looked well.</summary>
    LostSsh,

    /// <summary>QEMU failed or was killed: trouble of the host, nothing the guest's kernel did.</summary>
    HostTrouble,
}
