// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>Which accelerator the user asked for.</summary>
public enum AcceleratorChoice
{
    /// <summary>KVM where a guest really boots under it, else TCG.</summary>
    Auto,

    /// <summary>KVM or an error.</summary>
    Kvm,

    /// <summary>TCG, even where KVM works.</summary>
    Tcg,
}
