// SPDX-License-Identifier: MIT

namespace Reaplab.Kernels;

/// <summary>What a user may say about building.</summary>
/// <param name="Jobs">Compilers at once.</param>
/// <param name="KernelTree">The user's own git tree instead of the base's source; null for the base's.</param>
/// <param name="AllowDirty">Take uncommitted changes of that tree along.</param>
/// <param name="TreeCommit">Commit of that tree to build; its HEAD if null.</param>
public sealed record KernelBuildOptions(
    int Jobs,
    string? KernelTree = null,
    bool AllowDirty = false,
    string? TreeCommit = null
)
{
    /// <summary>
    /// Kernels must have their symbols beside them, see <see cref="KernelBuild.SymbolsPath"/>; one that was built when none
    /// were kept is built again.
    /// </summary>
    public bool WithSymbols { get; init; }

    /// <summary>One compiler per processor, the base's own source.</summary>
    public static KernelBuildOptions Default { get; } = new(Environment.ProcessorCount);
}
