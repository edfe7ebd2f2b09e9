// SPDX-License-Identifier: MIT
namespace Reaplab.Verification;

/// <summary>Which tests a verification is made of; each kind has a record of its own, so that a change of one does not make the other out of date.</summary>
public enum VerificationKind
{
    /// <summary>The approach's own programs of workloads/selftests.</summary>
    OwnSelftests,

    /// <summary>The programs that the base's source brings, held against stock.</summary>
    KernelSelftests,

    /// <summary>The approach's races, over and over for a stated time. Debug flavour only.</summary>
    Stress,

    /// <summary>The approach's own programs while kmemleak watches. Debug flavour only.</summary>
    Leaks,
}
