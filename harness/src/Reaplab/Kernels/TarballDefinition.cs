// SPDX-License-Identifier: MIT

namespace Reaplab.Kernels;

/// <summary>A source tarball for hosts without apt.</summary>
public sealed class TarballDefinition
{
    /// <summary>Where it is.</summary>
    public required string Url { get; init; }

    /// <summary>SHA-256 in hexadecimal; null until somebody has verified one, and then nothing is downloaded.</summary>
    public string? Sha256 { get; init; }
}
