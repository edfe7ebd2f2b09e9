// SPDX-License-Identifier: MIT
using System.Security.Cryptography;
using System.Text;

namespace Reaplab.Verification;

/// <summary>What went into a verification, as hashes.</summary>
/// <param name="Kernel">The kernel's identity: source, series, configuration, compiler and way of building.</param>
/// <param name="Checkout">What of the kernel this checkout decides: series and configuration. The same on every host.</param>
/// <param name="Selftests">Sources of the programs that were run.</param>
public sealed record VerifiedIngredients(string Kernel, string Checkout, string Selftests)
{
    /// <summary>SHA-256 over all of them.</summary>
    public string ComputeHash() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Kernel}\n{Checkout}\n{Selftests}\n")));

    /// <summary>
    /// True where the checkouts agree. The kernels may differ all the same: another compiler, or a newer version of the
    /// base's source. A test run asks this, since it cannot repeat every verification because a host was updated.
    /// </summary>
    /// <param name="other">Ingredients of another time or host.</param>
    public bool IsSameCheckout(VerifiedIngredients other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Checkout == other.Checkout && Selftests == other.Selftests;
    }
}
