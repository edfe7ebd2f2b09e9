// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;

namespace Reaplab.Kernels;

/// <summary>One kernel to be: everything that goes in, and the identity that follows from it.</summary>
/// <param name="Approach">Approach asked for.</param>
/// <param name="Series">Approaches whose patches go in, in order.</param>
/// <param name="Flavour">Flavour.</param>
/// <param name="Hash">SHA-256 over source, patches, configuration, compiler and build environment.</param>
internal sealed record KernelPlan(
    ApproachDefinition Approach,
    IReadOnlyList<ApproachDefinition> Series,
    KernelFlavour Flavour,
    string Hash
)
{
    /// <summary>Grows when the way of building changes so that old results no longer stand for new ones.</summary>
    private const string BuilderVersion = "1";

    /// <summary>Makes the plan of a kernel.</summary>
    public static KernelPlan Create(
        ApproachDefinition approach,
        IReadOnlyList<ApproachDefinition> series,
        KernelFlavour flavour,
        KernelSource source,
        KernelConfig requested,
        Toolchain toolchain
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add("builder", BuilderVersion);
        Add("source", source.Hash);
        Add("version", source.Version);
        foreach (var patch in series.SelectMany(each => each.Patches))
        {
            Add(Path.GetFileName(patch), File.ReadAllText(patch));
        }

        foreach (var symbol in requested.Symbols)
        {
            Add("symbol", symbol.ToString());
        }

        Add("compiler", toolchain.Compiler);
        Add("linker", toolchain.Linker);
        foreach (var variable in KernelMake.PinnedVariables)
        {
            Add("variable", variable);
        }

        return new KernelPlan(approach, series, flavour, Convert.ToHexStringLower(hash.GetHashAndReset()));

        // Lengths keep "ab" + "c" and "a" + "bc" apart.
        void Add(string name, string value) =>
            hash.AppendData(Encoding.UTF8.GetBytes($"{name.Length}:{name}{value.Length}:{value}"));
    }
}
