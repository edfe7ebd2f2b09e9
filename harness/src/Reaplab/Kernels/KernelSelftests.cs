// SPDX-License-Identifier: MIT

namespace Reaplab.Kernels;

/// <summary>The selftests of a base's own source, built and in the cache.</summary>
/// <param name="Base">The base.</param>
/// <param name="Folder">Holds each program under its name.</param>
/// <param name="Programs">Names of the programs, e.g. mm/mrelease_test, in the base's order.</param>
public sealed record KernelSelftests(string Base, string Folder, IReadOnlyList<string> Programs);
