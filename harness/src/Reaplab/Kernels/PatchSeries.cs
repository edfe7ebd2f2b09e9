// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.RegularExpressions;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Applies the patches of the approaches that make up a kernel.</summary>
internal static partial class PatchSeries
{
    /// <summary>Resets the tree to the base and applies all patches; on failure the tree is the base again.</summary>
    /// <exception cref="ConfigurationException">A patch does not apply; names it and the hunk.</exception>
    public static async Task ApplyAsync(
        GitRepository tree,
        string baseCommit,
        IReadOnlyList<ApproachDefinition> approaches,
        CancellationToken cancellationToken
    )
    {
        await tree.ResetToAsync(baseCommit, cancellationToken);
        foreach (var approach in approaches.Where(approach => approach.Patches.Count > 0))
        {
            var result = await AmAsync(tree, approach, cancellationToken);
            if (result.ExitCode != 0)
            {
                try
                {
                    throw await ExplainAsync(tree, approach, result, cancellationToken);
                }
                finally
                {
                    await tree.ResetToAsync(baseCommit, CancellationToken.None);
                }
            }
        }
    }

    /// <summary>Applies one approach's patches on top of what is there; where they don't apply, nothing of them is left.</summary>
    /// <returns>True where they apply.</returns>
    public static async Task<bool> TryAddAsync(
        GitRepository tree,
        ApproachDefinition approach,
        CancellationToken cancellationToken
    )
    {
        var before = await tree.RunAsync(cancellationToken, "rev-parse", "HEAD");
        if (approach.Patches.Count == 0 || (await AmAsync(tree, approach, cancellationToken)).ExitCode == 0)
        {
            return true;
        }

        await tree.ResetToAsync(before, cancellationToken);
        return false;
    }

    private static Task<ProcessResult> AmAsync(
        GitRepository tree,
        ApproachDefinition approach,
        CancellationToken cancellationToken
    ) =>
        tree.TryRunAsync(
            cancellationToken,
            ["am", "--quiet", "--3way", "--no-gpg-sign", "--keep-cr", .. approach.Patches]
        );

    private static async Task<ConfigurationException> ExplainAsync(
        GitRepository tree,
        ApproachDefinition approach,
        ProcessResult am,
        CancellationToken cancellationToken
    )
    {
        var output = am.StandardOutput + am.StandardError;
        var failed = FailedPatch().Match(output);
        if (!failed.Success)
        {
            return new ConfigurationException(approach.File, 0, $"git am refused the series:\n{Indent(output)}");
        }

        // git am counts the patches from 1. After --3way it has left conflicts behind; without them apply names the hunk.
        var number = int.Parse(failed.Groups["number"].Value, CultureInfo.InvariantCulture);
        var patch = approach.Patches[number - 1];
        await tree.RunAsync(cancellationToken, "reset", "--quiet", "--hard");
        var check = await tree.TryRunAsync(cancellationToken, "apply", "--check", patch);
        var hunk = FailedHunk().Match(check.StandardError);
        var line = hunk.Success ? FindHunk(patch, hunk.Groups["file"].Value, hunk.Groups["line"].Value) : 0;
        var what = hunk.Success
            ? $"the hunk at {hunk.Groups["file"].Value}:{hunk.Groups["line"].Value} does not apply"
            : "it does not apply";
        var version = (await tree.RunAsync(cancellationToken, "log", "-1", "--format=%s", "HEAD")).Trim();
        return new ConfigurationException(
            patch,
            line,
            $"patch {number} of {approach.Patches.Count} of '{approach.Name}': {what} on top of \"{version}\"; "
                + $"nothing is left half-applied. git said:\n{Indent(check.StandardError.Length > 0 ? check.StandardError : output)}"
        );
    }

    /// <summary>Line of the patch where the hunk of a file starts, given the hunk's first line in the old file.</summary>
    private static long FindHunk(string patch, string file, string oldLine)
    {
        var inFile = false;
        long number = 0;
        foreach (var text in File.ReadLines(patch))
        {
            number++;
            if (text.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                inFile = text.EndsWith(" b/" + file, StringComparison.Ordinal);
            }
            else if (
                inFile
                && (
                    text.StartsWith($"@@ -{oldLine},", StringComparison.Ordinal)
                    || text.StartsWith($"@@ -{oldLine} ", StringComparison.Ordinal)
                )
            )
            {
                return number;
            }
        }

        return 0;
    }

    private static string Indent(string text) =>
        string.Join('\n', text.TrimEnd().Split('\n').Take(12).Select(line => "    " + line));

    [GeneratedRegex("^Patch failed at (?<number>[0-9]+) ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex FailedPatch();

    [GeneratedRegex(
        "^error: patch failed: (?<file>.+):(?<line>[0-9]+)$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex FailedHunk();
}
