// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis;

/// <summary>What a comparison is for.</summary>
public enum ContrastKind
{
    /// <summary>A method against the reference method of the same kernel: free of build noise.</summary>
    Method,

    /// <summary>The reference method of a patched kernel against stock's: what the patch costs those who don't use it.</summary>
    PatchCost,

    /// <summary>The same between noop and stock: how far apart two kernels are that behave alike.</summary>
    NoiseFloor,

    /// <summary>A pair of cells that must come out the same, or the measuring is wrong.</summary>
    Control,
}
