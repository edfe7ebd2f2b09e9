// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>A way to come by a base's source.</summary>
internal interface ISourceProvider
{
    /// <summary>Puts the source into an empty folder.</summary>
    /// <param name="directory">The folder, not made yet; afterwards it holds the tree's top.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The source's version.</returns>
    Task<string> FetchAsync(string directory, IStageProgress progress, CancellationToken cancellationToken);
}
