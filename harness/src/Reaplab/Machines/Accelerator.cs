// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>How QEMU runs the guest's instructions.</summary>
public enum Accelerator
{
    /// <summary>By translation (MTTCG). Works everywhere; decides directions, not milliseconds.</summary>
    Tcg,

    /// <summary>By the host's processor.</summary>
    Kvm,
}
