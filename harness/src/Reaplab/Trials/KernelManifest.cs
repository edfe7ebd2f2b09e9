// SPDX-License-Identifier: MIT
namespace Reaplab.Trials;

/// <summary>A kernel of a run.</summary>
/// <param name="Approach">The proposal built in.</param>
/// <param name="Title">What it is, one line.</param>
/// <param name="Hash">Hash of everything that went into the build.</param>
/// <param name="ElfSignature">SHA-256 over the allocated sections: equal signatures mean equal behaviour.</param>
/// <param name="SourceVersion">Version of the base's source.</param>
/// <param name="SourceHash">Content hash of the base's source.</param>
/// <param name="Compiler">First line of the compiler's version.</param>
public sealed record KernelManifest(
    string Approach,
    string Title,
    string Hash,
    string ElfSignature,
    string SourceVersion,
    string SourceHash,
    string Compiler
);
