// SPDX-License-Identifier: MIT
using System.Text.RegularExpressions;

namespace Reaplab.Kernels;

/// <summary>A warning of the compiler or of kernel-doc.</summary>
/// <param name="File">The file, relative to the top of the source.</param>
/// <param name="Line">Its line.</param>
/// <param name="Text">What is said.</param>
internal sealed partial record CompilerWarning(string File, string Line, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}: warning: {Text}";

    /// <summary>Reads a line of make's output; null where it is no warning.</summary>
    /// <param name="line">The line.</param>
    /// <param name="source">Top of the source tree.</param>
    public static CompilerWarning? TryParse(string line, string source)
    {
        var match = Pattern().Match(line);
        if (!match.Success)
        {
            return null;
        }

        var file = match.Groups["file"].Value;
        return new CompilerWarning(
            file.StartsWith(source + "/", StringComparison.Ordinal) ? file[(source.Length + 1)..] : file,
            match.Groups["line"].Value,
            match.Groups["text"].Value
        );
    }

    /// <summary>Warnings that were not there before. Lines move with every patch, so they are not compared.</summary>
    public static IReadOnlyList<string> FindNew(
        IReadOnlyList<CompilerWarning> before,
        IReadOnlyList<CompilerWarning> after
    )
    {
        var known = before.CountBy(warning => (warning.File, warning.Text)).ToDictionary();
        return
        [
            .. after
                .GroupBy(warning => (warning.File, warning.Text))
                .SelectMany(group => group.Skip(known.GetValueOrDefault(group.Key)))
                .Select(warning => warning.ToString()),
        ];
    }

    [GeneratedRegex(
        "^(?<file>[^:\\s]+):(?<line>[0-9]+):([0-9]+:)? warning: (?<text>.+)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}
