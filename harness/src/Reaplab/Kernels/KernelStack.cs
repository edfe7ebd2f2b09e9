// SPDX-License-Identifier: MIT

namespace Reaplab.Kernels;

/// <summary>
/// A kernel with the series of several approaches, for functional tests: one build, and one debug kernel takes ten minutes
/// to build, serves them all. It is named by what is in it, <c>first+second</c>, and can be built and booted by that name.
/// </summary>
public static class KernelStack
{
    /// <summary>Stands between the names; no approach may have it in its own.</summary>
    internal const char Separator = '+';

    /// <summary>Name of the kernel that holds the series of some approaches, in this order.</summary>
    /// <param name="approaches">Names of approaches; one alone is its own kernel.</param>
    public static string NameOf(IEnumerable<string> approaches) => string.Join(Separator, approaches);

    /// <summary>True where a kernel's name is that of a stack.</summary>
    /// <param name="kernel">Name of a kernel.</param>
    public static bool IsStack(string kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return kernel.Contains(Separator, StringComparison.Ordinal);
    }

    /// <summary>The approaches whose series are in a kernel.</summary>
    /// <param name="kernel">Name of an approach or of a stack.</param>
    public static IReadOnlyList<string> MembersOf(string kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return kernel.Split(Separator);
    }
}
