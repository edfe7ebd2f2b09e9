// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>The accelerator in use and why; <see cref="ToString"/> is the one line shown to the user.</summary>
/// <param name="Accelerator">The accelerator.</param>
/// <param name="Reason">Why this one, as half a sentence.</param>
public sealed record AcceleratorDecision(Accelerator Accelerator, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Accelerator switch
        {
            Accelerator.Kvm => $"accelerator: KVM ({Reason})",
            _ => $"accelerator: TCG, emulated ({Reason})",
        };
}
