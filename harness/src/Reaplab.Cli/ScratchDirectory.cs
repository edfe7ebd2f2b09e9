// SPDX-License-Identifier: MIT
namespace Reaplab.Cli;

/// <summary>A private folder that goes with its owner: keys and console of a guest nobody will read about later.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    /// <summary>The folder; its path is short because sockets live in it.</summary>
    internal string Path { get; } = Directory.CreateTempSubdirectory("reaplab-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
