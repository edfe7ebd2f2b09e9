// SPDX-License-Identifier: MIT
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Verification;

/// <summary>The sources that selftests are made of: theirs, what they include, and what is linked with it.</summary>
internal static partial class SelftestSources
{
    /// <summary>SHA-256 over names and contents of all sources of some of an approach's selftests.</summary>
    /// <exception cref="ConfigurationException">A selftest has no source.</exception>
    public static string Hash(Workspace workspace, ApproachDefinition approach, IEnumerable<string> programs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Find(workspace, approach, programs))
        {
            var content = File.ReadAllBytes(file);
            // Lengths keep "ab" + "c" and "a" + "bc" apart.
            hash.AppendData(
                Encoding.UTF8.GetBytes($"{Path.GetRelativePath(workspace.Workloads, file)}\n{content.Length}\n")
            );
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Paths of the sources in a fixed order.</summary>
    internal static IReadOnlyList<string> Find(
        Workspace workspace,
        ApproachDefinition approach,
        IEnumerable<string> programs
    )
    {
        var selftests = Path.Combine(workspace.Workloads, "selftests");
        var common = Path.Combine(workspace.Workloads, "common");
        // The compiler's own order, see workloads/Makefile.
        string[] folders = [selftests, common, Path.Combine(workspace.Workloads, "agent")];
        var waiting = new Queue<string>();
        foreach (var name in programs)
        {
            var source = Path.Combine(selftests, name + ".c");
            if (!File.Exists(source))
            {
                throw new ConfigurationException(approach.File, 0, $"selftest '{name}' has no source {source}");
            }

            waiting.Enqueue(source);
        }

        // Every program is linked with these.
        foreach (var support in Directory.EnumerateFiles(selftests, "support*.c"))
        {
            waiting.Enqueue(support);
        }

        var found = new SortedSet<string>(StringComparer.Ordinal);
        while (waiting.TryDequeue(out var file))
        {
            if (!found.Add(file))
            {
                continue;
            }

            foreach (var header in Includes(file).Select(name => Locate(name, folders)).OfType<string>())
            {
                waiting.Enqueue(header);
                // common/ is linked too; what of it a program does not include can't change what it does.
                var implementation = Path.ChangeExtension(header, ".c");
                if (Path.GetDirectoryName(header) == common && File.Exists(implementation))
                {
                    waiting.Enqueue(implementation);
                }
            }
        }

        return [.. found];
    }

    private static IEnumerable<string> Includes(string file) =>
        Include().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value);

    private static string? Locate(string name, string[] folders) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    [GeneratedRegex(
        "^[ \t]*#[ \t]*include[ \t]+\"(?<name>[^\"]+)\"",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex Include();
}
