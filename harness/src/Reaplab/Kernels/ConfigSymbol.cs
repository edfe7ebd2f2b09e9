// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>A line of a kernel configuration, and who asked for it.</summary>
/// <param name="Name">E.g. CONFIG_MEMCG.</param>
/// <param name="Value">"y", "m", a number or a quoted string; "n" for "is not set".</param>
/// <param name="File">File that asks for it.</param>
/// <param name="Line">Line in that file, counted from 1.</param>
internal sealed partial record ConfigSymbol(string Name, string Value, string File, long Line)
{
    /// <summary>Reads one line, "CONFIG_X=y" or "# CONFIG_X is not set"; <c>=n</c> means the latter.</summary>
    /// <exception cref="ConfigurationException">It is neither.</exception>
    public static ConfigSymbol Parse(string text, string file, long line) =>
        TryParse(text, file, line)
        ?? throw new ConfigurationException(
            file,
            line,
            $"'{text}' is neither CONFIG_NAME=value nor '# CONFIG_NAME is not set'"
        );

    /// <summary>As the kernel's own files write it.</summary>
    public override string ToString() => Value == "n" ? $"# {Name} is not set" : $"{Name}={Value}";

    /// <summary>Reads a line of a configuration or null where it is something else.</summary>
    internal static ConfigSymbol? TryParse(string text, string file, long line)
    {
        var set = Assignment().Match(text);
        if (set.Success)
        {
            return new ConfigSymbol(set.Groups["name"].Value, set.Groups["value"].Value, file, line);
        }

        var unset = Absence().Match(text);
        return unset.Success ? new ConfigSymbol(unset.Groups["name"].Value, "n", file, line) : null;
    }

    [GeneratedRegex("^(?<name>CONFIG_[A-Za-z0-9_]+)=(?<value>\\S.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Assignment();

    [GeneratedRegex("^# (?<name>CONFIG_[A-Za-z0-9_]+) is not set$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Absence();
}
