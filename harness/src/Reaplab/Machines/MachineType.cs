// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>QEMU's machine models in use.</summary>
public enum MachineType
{
    /// <summary>microvm: virtio-mmio devices, no PCI, no option ROMs, the quickest boot.</summary>
    Microvm,

    /// <summary>q35 with virtio-pci devices, for a QEMU built without microvm or to see whether a finding is microvm's own.</summary>
    Q35,
}
