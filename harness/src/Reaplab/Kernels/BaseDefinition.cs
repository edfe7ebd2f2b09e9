// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>A kernel source tree that approaches are applied to: one file of kernel-patches/bases/.</summary>
public sealed class BaseDefinition
{
    /// <summary>Its name, which is its file's, e.g. 6.12.</summary>
    public required Located<string> Name { get; init; }

    /// <summary>Debian's package of the source.</summary>
    public required string DebianPackage { get; init; }

    /// <summary>Suites of the Debian archive that carry the package where the host's own release does not.</summary>
    public IReadOnlyList<string> DebianSuites { get; init; } = [];

    /// <summary>The tarball for hosts without apt.</summary>
    public TarballDefinition? Tarball { get; init; }

    /// <summary>Names of the configuration fragments, in the order they are merged.</summary>
    public required IReadOnlyList<Located<string>> Config { get; init; }

    /// <summary>Fragments the debug flavour adds.</summary>
    public IReadOnlyList<Located<string>> DebugConfig { get; init; } = [];

    /// <summary>The selftests of the base's own source that every kernel built from it has to pass as stock's does.</summary>
    public IReadOnlyList<KernelSelftestDefinition> KernelSelftests { get; init; } = [];

    /// <summary>Path of the file.</summary>
    [YamlDotNet.Serialization.YamlIgnore]
    public string File { get; private set; } = "";

    /// <summary>Reads a base by its name.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="name">Name of the base.</param>
    /// <exception cref="ConfigurationException">There is none of that name, or its file is wrong.</exception>
    public static BaseDefinition Load(Workspace workspace, string name)
    {
        var folder = Path.Combine(workspace.KernelPatches, "bases");
        var file = Path.Combine(folder, name + ".yaml");
        if (!System.IO.File.Exists(file))
        {
            var known = string.Join(", ", FindNames(workspace));
            throw new ConfigurationException(file, 0, $"there is no base '{name}'; there are: {known}");
        }

        var definition = YamlFile.Load<BaseDefinition>(file);
        definition.File = file;
        if (definition.Name.Value != name)
        {
            throw new ConfigurationException(
                file,
                definition.Name.Line,
                $"name is '{definition.Name.Value}', but the file is '{name}.yaml'"
            );
        }

        return definition;
    }

    /// <summary>Names of all bases.</summary>
    /// <param name="workspace">The checkout.</param>
    public static IReadOnlyList<string> FindNames(Workspace workspace)
    {
        var folder = Path.Combine(workspace.KernelPatches, "bases");
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*.yaml")
                    .Select(path => Path.GetFileNameWithoutExtension(path))
                    .Order(StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>Paths of the fragments of a flavour, in merging order.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="flavour">The flavour.</param>
    /// <exception cref="ConfigurationException">A fragment does not exist.</exception>
    public IReadOnlyList<string> FindFragments(Workspace workspace, KernelFlavour flavour)
    {
        var names = flavour == KernelFlavour.Debug ? Config.Concat(DebugConfig) : Config;
        return [.. names.Select(name => FindFragment(workspace, name))];
    }

    private string FindFragment(Workspace workspace, Located<string> name)
    {
        var path = Path.Combine(workspace.VmImages, "kernel-config", name.Value + ".config");
        return System.IO.File.Exists(path)
            ? path
            : throw new ConfigurationException(File, name.Line, $"there is no fragment {path}");
    }
}
