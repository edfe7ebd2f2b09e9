// SPDX-License-Identifier: MIT
namespace Reaplab.Verification;

/// <summary>What the record says of an approach.</summary>
public enum VerificationStatus
{
    /// <summary>Nothing: it has not passed yet.</summary>
    Open,

    /// <summary>It passed, but its series, its configuration or its tests have been changed since.</summary>
    Outdated,

    /// <summary>It passed as this checkout has it.</summary>
    Passed,
}
