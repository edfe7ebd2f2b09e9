// SPDX-License-Identifier: MIT

namespace Reaplab.Images;

/// <summary>A finished guest image in the cache.</summary>
/// <param name="InitrdPath">The initramfs, an uncompressed cpio archive.</param>
/// <param name="Hash">SHA-256 of the archive: equal content gives an equal hash on every host.</param>
public sealed record GuestImage(string InitrdPath, string Hash);
