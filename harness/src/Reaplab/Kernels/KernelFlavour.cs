// SPDX-License-Identifier: MIT

namespace Reaplab.Kernels;

/// <summary>What a kernel is built for.</summary>
public enum KernelFlavour
{
    /// <summary>Measured; configured like a production kernel.</summary>
    Timing,

    /// <summary>Functional tests only: KASAN, lockdep and their like make every time meaningless.</summary>
    Debug,
}
