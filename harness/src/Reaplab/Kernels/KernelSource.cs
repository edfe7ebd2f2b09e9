// SPDX-License-Identifier: MIT

namespace Reaplab.Kernels;

/// <summary>A base's source in the cache: a git tree that series are applied in.</summary>
/// <param name="Version">Debian's version, the tarball's name, or <c>git describe</c> of a user's tree.</param>
/// <param name="Hash">Content hash: the git tree object.</param>
/// <param name="Commit">Commit in <paramref name="Directory"/> that holds exactly this content.</param>
/// <param name="Directory">Work tree in the cache.</param>
public sealed record KernelSource(string Version, string Hash, string Commit, string Directory);
