// SPDX-License-Identifier: MIT
using Reaplab.Kernels;

namespace Reaplab.Verification;

/// <summary>An approach that passed all of its selftests in a kernel of one flavour.</summary>
public sealed record VerifiedEntry
{
    /// <summary>The approach.</summary>
    public required string Approach { get; init; }

    /// <summary>
    /// The kernel in which it passed where that holds the series of other approaches too: their names and its own, see
    /// <see cref="KernelStack"/>. Null where it was its own.
    /// </summary>
    public string? Stack { get; init; }

    /// <summary>The base it was built from.</summary>
    public required string Base { get; init; }

    /// <summary>The kernel's flavour.</summary>
    public required KernelFlavour Flavour { get; init; }

    /// <summary>Hash of <see cref="Ingredients"/>: the content that passed.</summary>
    public required string Hash { get; init; }

    /// <summary>What went in.</summary>
    public required VerifiedIngredients Ingredients { get; init; }

    /// <summary>The base's version, for people.</summary>
    public required string SourceVersion { get; init; }

    /// <summary>The compiler, for people.</summary>
    public required string Compiler { get; init; }

    /// <summary>What became of each selftest: passed, or skipped where this flavour lacks what it needs.</summary>
    public required IReadOnlyDictionary<string, string> Selftests { get; init; }

    /// <summary>How many seconds its races took together; null for what was not stressed.</summary>
    public int? Seconds { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>True for an entry of the same approach, base and flavour.</summary>
    internal bool IsAbout(string approach, string baseName, KernelFlavour flavour) =>
        Approach == approach && Base == baseName && Flavour == flavour;
}
