// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.RegularExpressions;

namespace Reaplab.Kernels;

/// <summary>One mail of a series: a patch, a cover letter, or what people said about them.</summary>
/// <param name="File">The mail.</param>
/// <param name="Subject">Its subject, decoded.</param>
/// <param name="HasDiff">True where its text changes a file.</param>
internal sealed partial record SeriesMail(string File, string Subject, bool HasDiff)
{
    /// <summary>True for a reply: what it quotes or proposes is no part of the series.</summary>
    public bool IsReply => Subject.StartsWith("Re:", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for a patch of the series.</summary>
    public bool IsPatch => HasDiff && !IsReply;

    /// <summary>Number and total from "[PATCH v2 3/7]"; null where the subject has none.</summary>
    public (int Number, int Total)? Position =>
        Counted().Match(Subject) is { Success: true } match
            ? (
                int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture),
                int.Parse(match.Groups["total"].Value, CultureInfo.InvariantCulture)
            )
            : null;

    /// <summary>The subject without "[PATCH v2 3/7]".</summary>
    public string Title => Tags().Replace(Subject, "").Trim();

    [GeneratedRegex(
        @"^\s*(\[[^\]]*\]\s*)*\[[^\]]*?\b(?<number>[0-9]{1,4})/(?<total>[0-9]{1,4})\b[^\]]*\]",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Counted();

    [GeneratedRegex(@"^\s*(\[[^\]]*\]\s*)+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tags();
}
