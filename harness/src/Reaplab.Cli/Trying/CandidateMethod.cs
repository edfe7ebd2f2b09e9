// SPDX-License-Identifier: MIT
using System.Text.RegularExpressions;
using Reaplab.Foundation;

namespace Reaplab.Cli.Trying;

/// <summary>A method that comes with somebody's series: one source file for the agent.</summary>
/// <param name="Name">Its name, as the source says it.</param>
/// <param name="File">The source.</param>
internal sealed partial record CandidateMethod(string Name, string File)
{
    /// <summary>Reads the name out of a source such as those of workloads/agent/methods/.</summary>
    /// <param name="file">The source.</param>
    /// <param name="known">Names that are taken.</param>
    /// <exception cref="ConfigurationException">It is no method, or one that cannot be tried.</exception>
    internal static CandidateMethod Read(string file, IReadOnlyCollection<string> known)
    {
        if (!System.IO.File.Exists(file))
        {
            throw new ConfigurationException(file, 0, "there is no such file (--method takes a C source)");
        }

        var text = System.IO.File.ReadAllText(file);
        var match = NameMember().Match(text);
        if (!match.Success || !text.Contains("METHOD(", StringComparison.Ordinal))
        {
            throw new ConfigurationException(
                file,
                0,
                "defines no method: a 'struct method' with .name = \"…\", registered by METHOD(); see workloads/agent/methods/"
            );
        }

        var line = text[..match.Index].Count(character => character == '\n') + 1;
        var name = match.Groups["name"].Value;
        if (known.Contains(name))
        {
            throw new ConfigurationException(file, line, $"there already is a method '{name}'; give it another name");
        }

        if (text.Contains(".killer", StringComparison.Ordinal))
        {
            throw new ConfigurationException(
                file,
                line,
                "leaves the kill to the killer program; that needs an approach and a plan of its own "
                    + "(docs/adding-an-approach.md)"
            );
        }

        return new CandidateMethod(name, file);
    }

    [GeneratedRegex("\\.name\\s*=\\s*\"(?<name>[a-z0-9_]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NameMember();
}
