// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>All approaches of a checkout.</summary>
public static class ApproachCatalog
{
    /// <summary>Names of all approaches, stock first, then in alphabetical order.</summary>
    /// <param name="workspace">The checkout.</param>
    public static IReadOnlyList<string> FindNames(Workspace workspace) =>
        [
            .. Directory
                .EnumerateDirectories(workspace.KernelPatches)
                .Where(folder => File.Exists(Path.Combine(folder, ApproachDefinition.FileName)))
                .Select(folder => Path.GetFileName(folder)!)
                .OrderBy(name => name != ApproachDefinition.Stock)
                .ThenBy(name => name, StringComparer.Ordinal),
        ];

    /// <summary>Reads every approach, stock first.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <exception cref="ConfigurationException">A file is wrong.</exception>
    public static IReadOnlyList<ApproachDefinition> Load(Workspace workspace) =>
        [.. FindNames(workspace).Select(name => ApproachDefinition.Load(workspace, name))];

    /// <summary>
    /// The approaches that make up one kernel: the flavour's own, what is extended, and the approach itself, or each of
    /// those that share it.
    /// </summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="approach">The approach asked for.</param>
    /// <param name="flavour">The flavour.</param>
    /// <exception cref="ConfigurationException">It extends itself in a circle or something unknown.</exception>
    public static IReadOnlyList<ApproachDefinition> Resolve(
        Workspace workspace,
        ApproachDefinition approach,
        KernelFlavour flavour
    )
    {
        List<ApproachDefinition> chain =
        [
            .. (approach.Stacked is { Count: > 0 } stacked ? stacked : [approach])
                .SelectMany(each => FindChain(workspace, each))
                .DistinctBy(each => each.Name.Value),
        ];
        var names = chain.Select(link => link.Name.Value).ToHashSet(StringComparer.Ordinal);
        return [.. Load(workspace).Where(each => each.Supports(flavour) && !names.Contains(each.Name.Value)), .. chain];
    }

    /// <summary>What an approach extends, in order, and itself.</summary>
    private static List<ApproachDefinition> FindChain(Workspace workspace, ApproachDefinition approach)
    {
        var chain = new List<ApproachDefinition> { approach };
        while (chain[0].Extends is { } extended)
        {
            if (chain.Any(link => link.Name.Value == extended.Value))
            {
                throw new ConfigurationException(chain[0].File, extended.Line, $"'{extended.Value}' extends itself");
            }

            if (!FindNames(workspace).Contains(extended.Value))
            {
                throw new ConfigurationException(
                    chain[0].File,
                    extended.Line,
                    $"there is no approach '{extended.Value}'"
                );
            }

            chain.Insert(0, ApproachDefinition.Load(workspace, extended.Value));
        }

        return chain;
    }
}
