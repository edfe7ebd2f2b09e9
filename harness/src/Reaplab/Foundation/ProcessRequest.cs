// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>One external program to run. <see cref="Limit"/> has no default on purpose: every wait is argued.</summary>
/// <param name="FileName">Program, looked up in PATH.</param>
/// <param name="Arguments">Arguments, passed without a shell.</param>
/// <param name="Limit">Longest time the program may take before its whole process tree is killed.</param>
public sealed record ProcessRequest(string FileName, IReadOnlyList<string> Arguments, TimeSpan Limit)
{
    /// <summary>Folder to run in; the current one if null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables added to the environment; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Text for standard input; an empty, closed input if null.</summary>
    public string? StandardInput { get; init; }

    /// <summary>Called for each line of either output, in order of arrival, from a thread of the pool.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>Both outputs are written to this file as they arrive, where given.</summary>
    public string? LogFile { get; init; }

    /// <summary>The command as a user could type it.</summary>
    public string CommandLine => string.Join(' ', new[] { FileName }.Concat(Arguments).Select(ShellQuote));

    private static string ShellQuote(string word) =>
        word.Length > 0
        && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,+@%".Contains(c, StringComparison.Ordinal))
            ? word
            : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
