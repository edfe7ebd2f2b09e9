// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>Kinds of kernel complaint.</summary>
public enum KernelMessageKind
{
    /// <summary>A WARN, a lockdep or UBSAN report: the kernel goes on.</summary>
    Warning,

    /// <summary>A detector's report (hung task, RCU stall, lockup): the kernel may recover; names a hang if one follows.</summary>
    Stall,

    /// <summary>A kill by the kernel's own OOM killer.</summary>
    OutOfMemory,

    /// <summary>An oops or a BUG: nothing after it can be trusted.</summary>
    Oops,

    /// <summary>A panic: the last thing this kernel says.</summary>
    Panic,
}
