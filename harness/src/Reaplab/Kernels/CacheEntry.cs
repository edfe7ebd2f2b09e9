// SPDX-License-Identifier: MIT

namespace Reaplab.Kernels;

/// <summary>Something in the cache that can be removed by itself and made again.</summary>
/// <param name="Kind">kernels, images, selftests, sources, build, apt or try.</param>
/// <param name="Name">Name within its kind.</param>
/// <param name="Path">Folder or file.</param>
/// <param name="Bytes">Size on disk.</param>
/// <param name="LastUsed">When it was last used, UTC.</param>
public sealed record CacheEntry(string Kind, string Name, string Path, long Bytes, DateTime LastUsed);
