// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.RegularExpressions;

namespace Reaplab.Verification;

/// <summary>
/// Reads the output of a program that prints TAP 13 or KTAP, as kselftest.h and kselftest_harness.h write it. Only the
/// program's own cases count; nested ones are indented and belong to a case.
/// </summary>
public sealed partial class TapReader
{
    private readonly SortedDictionary<int, TapCase> cases = [];

    /// <summary>The cases so far by number; of one that was reported twice, as after a repeat, the last word.</summary>
    public IReadOnlyCollection<TapCase> Cases => cases.Values;

    /// <summary>Why the program gave up, where it said "Bail out!"; else empty.</summary>
    public string BailOut { get; private set; } = "";

    /// <summary>Takes a line of the output.</summary>
    /// <param name="line">The line.</param>
    public void Take(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        const string GivesUp = "Bail out!";
        if (line.StartsWith(GivesUp, StringComparison.Ordinal))
        {
            BailOut = line[GivesUp.Length..].Trim();
        }

        if (Result().Match(line) is not { Success: true } match)
        {
            return;
        }

        var number = int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        var text = match.Groups["text"].Value;
        // kselftest.h writes "ok 1 # SKIP name", kselftest_harness.h "ok 1 name # SKIP reason".
        var directive = Directive().Match(text);
        var name = directive.Success
            ? Join(text[..directive.Index], text[(directive.Index + directive.Length)..])
            : text.Trim();
        var outcome =
            directive.Success ? TapOutcome.Skipped
            : match.Groups["not"].Success ? TapOutcome.Failed
            : TapOutcome.Passed;
        cases[number] = new TapCase(number, name, outcome);
    }

    private static string Join(string before, string after) => $"{before.Trim()} {after.Trim()}".Trim();

    [GeneratedRegex(
        "^(?<not>not )?ok (?<number>[0-9]{1,9})(?: - | |$)(?<text>.*)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Result();

    [GeneratedRegex("# *(SKIP|XFAIL)\\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Directive();
}
