// SPDX-License-Identifier: MIT

using System.Text.Json.Serialization;

namespace Reaplab.Kernels;

/// <summary>A finished kernel in the cache.</summary>
/// <param name="Base">Base it was built from.</param>
/// <param name="Approach">Approach built in, or the name of a <see cref="KernelStack"/>.</param>
/// <param name="Flavour">Flavour.</param>
/// <param name="Hash">Hash of everything that went in.</param>
/// <param name="ImagePath">The bzImage.</param>
/// <param name="ConfigPath">Its configuration.</param>
/// <param name="ElfSignature">SHA-256 over the allocated sections of vmlinux; see <see cref="Kernels.ElfSignature"/>.</param>
/// <param name="SourceVersion">Version of the source.</param>
/// <param name="SourceHash">Content hash of the source.</param>
/// <param name="Compiler">First line of the compiler's version.</param>
public sealed record KernelBuild(
    string Base,
    string Approach,
    KernelFlavour Flavour,
    string Hash,
    string ImagePath,
    string ConfigPath,
    string ElfSignature,
    string SourceVersion,
    string SourceHash,
    string Compiler
)
{
    /// <summary>
    /// vmlinux without its content: what names and sizes of functions and data are read from. Missing beside kernels of
    /// older builds.
    /// </summary>
    [JsonIgnore]
    public string SymbolsPath => Path.Combine(Path.GetDirectoryName(ImagePath)!, KernelCache.SymbolsName);
}
