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
        using var hash = new PlanHash();
        hash.Add("builder", BuilderVersion);
        hash.Add("source", source.Hash);
        hash.Add("version", source.Version);
        AddContent(hash, series, requested);
        hash.Add("compiler", toolchain.Compiler);
        hash.Add("linker", toolchain.Linker);
        foreach (var variable in KernelMake.PinnedVariables)
        {
            hash.Add("variable", variable);
        }

        return new KernelPlan(approach, series, flavour, hash.Finish());
    }

    /// <summary>SHA-256 over what of a kernel the checkout decides: the same on hosts with other compilers and sources.</summary>
    public static string HashContent(IReadOnlyList<ApproachDefinition> series, KernelConfig requested)
    {
        using var hash = new PlanHash();
        hash.Add("builder", BuilderVersion);
        AddContent(hash, series, requested);
        return hash.Finish();
    }

    private static void AddContent(PlanHash hash, IReadOnlyList<ApproachDefinition> series, KernelConfig requested)
    {
        foreach (var patch in series.SelectMany(each => each.Patches))
        {
            hash.Add(Path.GetFileName(patch), File.ReadAllText(patch));
        }

        foreach (var symbol in requested.Symbols)
        {
            hash.Add("symbol", symbol.ToString());
        }
    }

    private sealed class PlanHash : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // Lengths keep "ab" + "c" and "a" + "bc" apart.
        public void Add(string name, string value) =>
            hash.AppendData(Encoding.UTF8.GetBytes($"{name.Length}:{name}{value.Length}:{value}"));

        public string Finish() => Convert.ToHexStringLower(hash.GetHashAndReset());

        public void Dispose() => hash.Dispose();
    }
}
