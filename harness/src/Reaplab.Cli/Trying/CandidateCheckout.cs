// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Cli.Trying;

/// <summary>
/// A checkout that has somebody's series as one more approach: links to the user's own one, which nothing is written to,
/// and the series. It lies in the cache and stays there, so that an error's file and line can be looked at.
/// </summary>
/// <param name="checkout">The user's checkout.</param>
internal sealed class CandidateCheckout(Workspace checkout)
{
    /// <summary>Name of the approach that the series becomes.</summary>
    internal const string Name = "candidate";

    /// <summary>The combined checkout.</summary>
    internal Workspace Workspace { get; } =
        new(
            Path.Combine(
                checkout.CacheDirectory,
                "try",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}"
                )
            ),
            checkout.CacheDirectory
        );

    /// <summary>Folder of the series.</summary>
    internal string Folder => Path.Combine(Workspace.KernelPatches, Name);

    /// <summary>Lays out the checkout without the series.</summary>
    internal void Create()
    {
        if (Directory.Exists(Path.Combine(checkout.KernelPatches, Name)))
        {
            throw new ConfigurationException(
                Path.Combine(checkout.KernelPatches, Name, ApproachDefinition.FileName),
                0,
                $"the name '{Name}' is what a tried series gets; rename this approach"
            );
        }

        Directory.CreateDirectory(Workspace.Root);
        LinkChildren(checkout.Root, Workspace.Root, except: ["kernel-patches", "workloads", ".git"]);
        LinkChildren(checkout.KernelPatches, Workspace.KernelPatches, except: []);
        LinkChildren(checkout.Workloads, Workspace.Workloads, except: ["agent", "build"]);
        LinkChildren(Agent(checkout), Agent(Workspace), except: ["methods"]);
        LinkChildren(Path.Combine(Agent(checkout), "methods"), Path.Combine(Agent(Workspace), "methods"), except: []);
        Directory.CreateDirectory(Folder);
    }

    /// <summary>Makes the series an approach.</summary>
    /// <param name="series">The series; its patches lie in <see cref="Folder"/>.</param>
    /// <param name="source">What the user named it by.</param>
    /// <param name="baseName">The base.</param>
    /// <param name="symbols">Configuration it needs.</param>
    /// <param name="method">Its method, or null.</param>
    internal void Add(
        ImportedSeries series,
        string source,
        string baseName,
        IReadOnlyList<string> symbols,
        CandidateMethod? method
    )
    {
        var yaml = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"name: {Name}\n")
            .Append(CultureInfo.InvariantCulture, $"title: {Quote(series.Title)}\n")
            .Append("proposal: none\n")
            .Append(CultureInfo.InvariantCulture, $"source: {Quote(source)}\n")
            .Append(CultureInfo.InvariantCulture, $"bases: [{Quote(baseName)}]\n")
            .Append(CultureInfo.InvariantCulture, $"config: [{string.Join(", ", symbols.Select(Quote))}]\n");
        if (method is not null)
        {
            File.Copy(method.File, Path.Combine(Agent(Workspace), "methods", $"{method.Name}.c"));
            yaml.Append("methods:\n")
                .Append(CultureInfo.InvariantCulture, $"  - name: {method.Name}\n")
                .Append("    reference: kill\n")
                .Append(CultureInfo.InvariantCulture, $"    summary: {Quote(Path.GetFileName(method.File))}\n");
        }

        File.WriteAllText(Path.Combine(Folder, ApproachDefinition.FileName), yaml.ToString());
    }

    private static string Agent(Workspace workspace) => Path.Combine(workspace.Workloads, "agent");

    private static void LinkChildren(string from, string to, string[] except)
    {
        Directory.CreateDirectory(to);
        foreach (var child in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            if (!except.Contains(child.Name, StringComparer.Ordinal))
            {
                File.CreateSymbolicLink(Path.Combine(to, child.Name), child.FullName);
            }
        }
    }

    /// <summary>A YAML string in single quotes takes anything but a line's end.</summary>
    private static string Quote(string text) =>
        $"'{text.ReplaceLineEndings(" ").Replace("'", "''", StringComparison.Ordinal)}'";
}
