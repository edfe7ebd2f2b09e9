// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>One proposal: a folder below kernel-patches/ with approach.yaml and a series of patches.</summary>
public sealed class ApproachDefinition
{
    /// <summary>Name of the approach that is the base without patches.</summary>
    public const string Stock = "stock";

    /// <summary>Name of the file that describes an approach.</summary>
    public const string FileName = "approach.yaml";

    /// <summary>Its name, which is its folder's.</summary>
    public required Located<string> Name { get; init; }

    /// <summary>One line for lists and tables.</summary>
    public required string Title { get; init; }

    /// <summary>Number of the proposal, e.g. P1, or "none".</summary>
    public required string Proposal { get; init; }

    /// <summary>Message-ID or address of the posting it follows.</summary>
    public required string Source { get; init; }

    /// <summary>Bases its series is known to apply to.</summary>
    public required IReadOnlyList<string> Bases { get; init; }

    /// <summary>Symbols it needs, as in a kernel configuration; every kernel built beside it gets them, too.</summary>
    public IReadOnlyList<Located<string>> Config { get; init; } = [];

    /// <summary>Methods it adds.</summary>
    public IReadOnlyList<MethodDefinition> Methods { get; init; } = [];

    /// <summary>Programs of /reaplab/selftests that verify it.</summary>
    public IReadOnlyList<string> Selftests { get; init; } = [];

    /// <summary>
    /// Those of them that race: what <c>verify --stress</c> runs for as long as it is told. Empty for a series whose code
    /// never runs; null where nobody has said anything.
    /// </summary>
    public IReadOnlyList<Located<string>>? Races { get; init; }

    /// <summary>An approach whose series and symbols come before this one's; null for none.</summary>
    public Located<string>? Extends { get; init; }

    /// <summary>
    /// <c>stock</c> for an approach that changes user space alone: it has no series, and its kernel is the base without
    /// patches under the approach's name. Null for one with a series.
    /// </summary>
    public Located<string>? Kernel { get; init; }

    /// <summary>
    /// Flavours in which the series is part of <em>every</em> kernel, for what tests need and no measurement may see. Such
    /// an approach is never asked for by name. Empty for ordinary approaches.
    /// </summary>
    public IReadOnlyList<Located<string>> Flavours { get; init; } = [];

    /// <summary>
    /// Why its series shares no kernel with another, see <see cref="KernelStack"/>: it changes what happens to those who
    /// don't use it, say. Null for one that may.
    /// </summary>
    public Located<string>? Alone { get; init; }

    /// <summary>The approaches that a <see cref="KernelStack"/> is made of, in order; empty for an approach.</summary>
    [YamlDotNet.Serialization.YamlIgnore]
    internal IReadOnlyList<ApproachDefinition> Stacked { get; private init; } = [];

    /// <summary>Path of approach.yaml.</summary>
    [YamlDotNet.Serialization.YamlIgnore]
    public string File { get; private set; } = "";

    /// <summary>Paths of its patches in order, the cover letter left out.</summary>
    [YamlDotNet.Serialization.YamlIgnore]
    public IReadOnlyList<string> Patches { get; private set; } = [];

    /// <summary>True where the approach belongs to a flavour instead of being built by name.</summary>
    public bool IsFlavourSupport => Flavours.Count > 0;

    /// <summary>True where the kernel is the base without patches.</summary>
    public bool IsStockKernel => Name.Value == Stock || Kernel is not null;

    /// <summary>Reads an approach by its name.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="name">Name of the approach.</param>
    /// <exception cref="ConfigurationException">There is none of that name, or its file is wrong.</exception>
    public static ApproachDefinition Load(Workspace workspace, string name)
    {
        var folder = Path.Combine(workspace.KernelPatches, name);
        var file = Path.Combine(folder, FileName);
        if (!System.IO.File.Exists(file))
        {
            var known = string.Join(", ", ApproachCatalog.FindNames(workspace));
            throw new ConfigurationException(file, 0, $"there is no approach '{name}'; there are: {known}");
        }

        var approach = YamlFile.Load<ApproachDefinition>(file);
        approach.File = file;
        approach.Patches =
        [
            .. Directory
                .EnumerateFiles(folder, "*.patch")
                .Where(patch => !Path.GetFileName(patch).StartsWith("0000-", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        approach.Check(name);
        return approach;
    }

    /// <summary>What is built where several approaches share a kernel.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="members">The approaches, in order.</param>
    internal static ApproachDefinition CreateStack(Workspace workspace, IReadOnlyList<ApproachDefinition> members) =>
        new()
        {
            Name = new Located<string>(KernelStack.NameOf(members.Select(member => member.Name.Value)), 0),
            Title = "the series of several approaches",
            Proposal = "none",
            Source = "",
            Bases = [.. members.Select(member => member.Bases).Aggregate((one, other) => [.. one.Intersect(other)])],
            Stacked = members,
            File = workspace.KernelPatches,
        };

    /// <summary>True where the series is part of every kernel of the flavour.</summary>
    /// <param name="flavour">A flavour.</param>
    public bool Supports(KernelFlavour flavour) =>
        Flavours.Any(each => string.Equals(each.Value, flavour.ToString(), StringComparison.OrdinalIgnoreCase));

    private void Check(string folder)
    {
        if (Name.Value != folder)
        {
            throw new ConfigurationException(File, Name.Line, $"name is '{Name.Value}', but the folder is '{folder}'");
        }

        if (KernelStack.IsStack(Name.Value))
        {
            throw new ConfigurationException(
                File,
                Name.Line,
                $"a name with '{KernelStack.Separator}' is that of a kernel with several approaches"
            );
        }

        foreach (var symbol in Config)
        {
            _ = ConfigSymbol.Parse(symbol.Value, File, symbol.Line);
        }

        foreach (var flavour in Flavours)
        {
            if (!Enum.TryParse<KernelFlavour>(flavour.Value, ignoreCase: true, out var parsed))
            {
                throw new ConfigurationException(
                    File,
                    flavour.Line,
                    $"'{flavour.Value}' is not a flavour; there is: debug"
                );
            }

            if (parsed == KernelFlavour.Timing)
            {
                throw new ConfigurationException(File, flavour.Line, "no series may hide in every timed kernel");
            }
        }

        foreach (var method in Methods)
        {
            if (method.Reference == method.Name.Value)
            {
                throw new ConfigurationException(
                    File,
                    method.Name.Line,
                    $"method '{method.Name.Value}' is its own reference"
                );
            }
        }

        if (Races?.FirstOrDefault(race => !Selftests.Contains(race.Value)) is { Value: not null } unknown)
        {
            throw new ConfigurationException(File, unknown.Line, $"'{unknown.Value}' is not one of the 'selftests'");
        }

        CheckKernel();
    }

    private void CheckKernel()
    {
        if (Kernel is { } kernel && kernel.Value != Stock)
        {
            throw new ConfigurationException(
                File,
                kernel.Line,
                $"'{kernel.Value}' is not a kernel; there is: {Stock} (leave the key out where there is a series)"
            );
        }

        if (Kernel is { } stock && (Patches.Count > 0 || Extends is not null || IsFlavourSupport))
        {
            throw new ConfigurationException(
                File,
                stock.Line,
                "an approach that runs on stock's kernel has no patches, extends nothing and belongs to no flavour"
            );
        }

        if (Patches.Count == 0 && !IsStockKernel)
        {
            throw new ConfigurationException(
                File,
                0,
                $"the folder holds no patch (000N-*.patch); an approach that changes user space alone says 'kernel: {Stock}'"
            );
        }
    }
}
