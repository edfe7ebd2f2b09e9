// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Finds out which approaches' series can share a kernel, by applying them on top of each other.</summary>
/// <param name="workspace">The checkout.</param>
/// <param name="source">The base.</param>
/// <param name="flavour">Flavour of the kernels.</param>
internal sealed class StackFinder(Workspace workspace, KernelSource source, KernelFlavour flavour)
{
    private readonly GitRepository tree = new(source.Directory);

    /// <summary>
    /// Greedy and in the order given: a kernel takes every approach whose series applies to what it has already, the next
    /// kernel those that are left, until none is. Who has no series, or has to be alone, is.
    /// </summary>
    /// <param name="approaches">The approaches.</param>
    /// <param name="onApproach">Told which approach is tried.</param>
    /// <param name="cancellationToken">Ends it; the tree is the base again.</param>
    /// <returns>The approaches of each kernel; together all of them.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<ApproachDefinition>>> FindAsync(
        IReadOnlyList<ApproachDefinition> approaches,
        Action<ApproachDefinition> onApproach,
        CancellationToken cancellationToken
    )
    {
        var kernels = new List<IReadOnlyList<ApproachDefinition>>();
        var waiting = approaches.Where(IsSociable).ToList();
        try
        {
            while (waiting.Count > 0)
            {
                var members = await FillAsync(waiting, onApproach, cancellationToken);
                kernels.Add(members);
                waiting.RemoveAll(members.Contains);
            }
        }
        finally
        {
            await tree.ResetToAsync(source.Commit, CancellationToken.None);
        }

        return [.. kernels, .. approaches.Where(each => !IsSociable(each)).Select(each => new[] { each })];
    }

    private static bool IsSociable(ApproachDefinition approach) => approach.Alone is null && !approach.IsStockKernel;

    private async Task<List<ApproachDefinition>> FillAsync(
        List<ApproachDefinition> waiting,
        Action<ApproachDefinition> onApproach,
        CancellationToken cancellationToken
    )
    {
        if (waiting.Count == 1)
        {
            return [waiting[0]];
        }

        await tree.ResetToAsync(source.Commit, cancellationToken);
        var members = new List<ApproachDefinition>();
        var applied = new HashSet<string>(StringComparer.Ordinal);
        foreach (var approach in waiting)
        {
            onApproach(approach);
            var before = await tree.RunAsync(cancellationToken, "rev-parse", "HEAD");
            var missing = ApproachCatalog
                .Resolve(workspace, approach, flavour)
                .Where(each => !applied.Contains(each.Name.Value))
                .ToList();
            if (await TryAddAllAsync(missing, cancellationToken))
            {
                applied.UnionWith(missing.Select(each => each.Name.Value));
                members.Add(approach);
            }
            else if (members.Count == 0)
            {
                // It does not even apply to the base: its own kernel will say so, and keep nobody else from being built.
                return [approach];
            }
            else
            {
                await tree.ResetToAsync(before, cancellationToken);
            }
        }

        return members;
    }

    private async Task<bool> TryAddAllAsync(List<ApproachDefinition> approaches, CancellationToken cancellationToken)
    {
        foreach (var approach in approaches)
        {
            if (!await PatchSeries.TryAddAsync(tree, approach, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
