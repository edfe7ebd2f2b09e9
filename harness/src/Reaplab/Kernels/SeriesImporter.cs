// SPDX-License-Identifier: MIT
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Reads a series from a mailbox, from a folder of patches, or from commits of a user's tree.</summary>
/// <param name="target">Folder that gets the patches, numbered; made if it is not there.</param>
public sealed partial class SeriesImporter(string target)
{
    /// <summary>Splitting a mailbox or writing a hundred commits as patches takes seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private const int LongestName = 52;

    /// <summary>Reads a series.</summary>
    /// <param name="series">Path of a mailbox (also .gz) or patch, path of a folder of *.patch, or BASE..HEAD.</param>
    /// <param name="tree">The user's kernel tree, for a range of commits; null where none was named.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ReaplabException">It is none of these, holds no patch, or not all patches of a series.</exception>
    public async Task<ImportedSeries> ImportAsync(string series, string? tree, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(series);
        Directory.CreateDirectory(target);
        var mails = Path.Combine(target, "mails");
        Directory.CreateDirectory(mails);
        if (Directory.Exists(series))
        {
            var found = 0;
            foreach (var patch in Directory.EnumerateFiles(series, "*.patch").Order(StringComparer.Ordinal))
            {
                File.Copy(patch, Path.Combine(mails, Path.GetFileName(patch)));
                found++;
            }

            return found > 0
                ? await ArrangeAsync(series, mails, cancellationToken)
                : throw new ConfigurationException(
                    series,
                    0,
                    "the folder holds no *.patch (git format-patch -o FOLDER)"
                );
        }

        if (File.Exists(series))
        {
            await SplitAsync(series, mails, cancellationToken);
            return await ArrangeAsync(series, mails, cancellationToken);
        }

        if (series.Contains("..", StringComparison.Ordinal))
        {
            return await ExportAsync(series, tree, mails, cancellationToken);
        }

        throw new ReaplabException(
            $"'{series}' is neither a file, nor a folder, nor a range of commits such as v6.12..my-branch",
            ExitCode.Usage
        );
    }

    private async Task SplitAsync(string file, string mails, CancellationToken cancellationToken)
    {
        var mailbox = file;
        if (file.EndsWith(".gz", StringComparison.Ordinal))
        {
            mailbox = Path.Combine(target, "mailbox");
            await using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            await using var plain = File.Create(mailbox);
            await packed.CopyToAsync(plain, cancellationToken);
        }

        // -b: a single mail without a "From " line is fine. mboxrd is what the list archives write; to others it does no harm.
        await RunAsync(
            cancellationToken,
            "mailsplit",
            "-b",
            "--mboxrd",
            "--keep-cr",
            "-d4",
            "-o" + mails,
            "--",
            mailbox
        );
        if (mailbox != file)
        {
            File.Delete(mailbox);
        }
    }

    private async Task<ImportedSeries> ExportAsync(
        string range,
        string? tree,
        string mails,
        CancellationToken cancellationToken
    )
    {
        if (tree is null)
        {
            throw new ReaplabException(
                $"'{range}' is a range of commits: name the git tree that holds them with KERNEL_TREE=DIR or --kernel-tree DIR",
                ExitCode.Usage
            );
        }

        var ends = range.Split("..", 2);
        var head = ends[1].TrimStart('.') is { Length: > 0 } named ? named : "HEAD";
        var origin = await ReadAsync(tree, cancellationToken, "merge-base", ends[0], head);
        var merges = await ReadAsync(tree, cancellationToken, "rev-list", "--merges", $"{origin}..{head}");
        if (merges.Length > 0)
        {
            throw new ReaplabException(
                $"'{range}' holds the merge {merges.Split('\n')[0]}; a series is a line of commits (git rebase makes one)",
                ExitCode.Usage
            );
        }

        await ReadAsync(
            tree,
            cancellationToken,
            // The user's own settings must not make patches that git am does not take.
            "-c",
            "diff.noprefix=false",
            "-c",
            "diff.mnemonicPrefix=false",
            "-c",
            "format.noprefix=false",
            "format-patch",
            "--quiet",
            "--no-cover-letter",
            "--no-signature",
            "--no-attach",
            "--subject-prefix=PATCH",
            "--full-index",
            "--binary",
            "--output-directory",
            mails,
            $"{origin}..{head}"
        );
        var series = await ArrangeAsync(range, mails, cancellationToken);
        return series with { BaseCommit = origin };
    }

    /// <summary>Sorts mails into patches and others, and puts the patches in order.</summary>
    private async Task<ImportedSeries> ArrangeAsync(string series, string mails, CancellationToken cancellationToken)
    {
        var read = new List<SeriesMail>();
        foreach (var mail in Directory.EnumerateFiles(mails).Order(StringComparer.Ordinal))
        {
            read.Add(await ReadMailAsync(mail, cancellationToken));
        }

        var patches = read.Where(mail => mail.IsPatch).ToList();
        if (patches.Count == 0)
        {
            throw new ConfigurationException(series, 0, "holds no patch (a mail or file with a diff)");
        }

        if (patches.TrueForAll(patch => patch.Position is not null))
        {
            patches = [.. patches.OrderBy(patch => patch.Position!.Value.Number)];
            CheckWhole(series, patches);
        }

        var written = new List<string>();
        foreach (var (number, patch) in patches.Select((each, index) => (index + 1, each)))
        {
            var name = Unfit().Replace(patch.Title, "-").Trim('-', '.');
            var file = Path.Combine(
                target,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{number:0000}-{name[..Math.Min(name.Length, LongestName)]}.patch"
                )
            );
            File.Copy(patch.File, file, overwrite: true);
            written.Add(file);
        }

        var cover = read.FirstOrDefault(mail => !mail.HasDiff && !mail.IsReply && mail.Position is { Number: 0 });
        Directory.Delete(mails, recursive: true);
        return new ImportedSeries((cover ?? patches[0]).Title, written, BaseCommit: null);
    }

    private static void CheckWhole(string series, List<SeriesMail> patches)
    {
        var total = patches.Max(patch => patch.Position!.Value.Total);
        var twice = patches.GroupBy(patch => patch.Position!.Value.Number).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new ConfigurationException(
                series,
                0,
                $"holds patch {twice.Key} more than once (\"{twice.First().Subject}\", \"{twice.Last().Subject}\"); "
                    + "leave one version of one series in it, e.g. with b4 am"
            );
        }

        var missing = Enumerable.Range(1, total).Except(patches.Select(patch => patch.Position!.Value.Number)).ToList();
        if (missing.Count > 0)
        {
            throw new ConfigurationException(series, 0, $"patch {missing[0]} of {total} is missing");
        }
    }

    private async Task<SeriesMail> ReadMailAsync(string mail, CancellationToken cancellationToken)
    {
        // mailinfo undoes what mail does to a text: quoted-printable, base64, encoded subjects.
        var text = Path.Combine(target, "message");
        var diff = Path.Combine(target, "diff");
        var info = await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("sh", ["-c", "git mailinfo -k \"$1\" \"$2\" <\"$3\"", "sh", text, diff, mail], Limit)
            {
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C" },
            },
            cancellationToken
        );
        var subject =
            info.StandardOutput.Split('\n')
                .FirstOrDefault(line => line.StartsWith("Subject: ", StringComparison.Ordinal))
                ?["Subject: ".Length..]
            ?? "";
        var hasDiff = (await File.ReadAllLinesAsync(diff, cancellationToken)).Any(line => Change().IsMatch(line));
        File.Delete(text);
        File.Delete(diff);
        return new SeriesMail(mail, subject, hasDiff);
    }

    private static async Task RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var request = new ProcessRequest("git", arguments, Limit);
        var result = await ProcessRunner.RunAsync(request, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new ProcessFailedException(
                request,
                $"exited with status {result.ExitCode}",
                result.StandardOutput + result.StandardError,
                ExitCode.Usage
            );
        }
    }

    private static async Task<string> ReadAsync(
        string tree,
        CancellationToken cancellationToken,
        params string[] arguments
    )
    {
        var request = new ProcessRequest("git", arguments, Limit)
        {
            WorkingDirectory = tree,
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                // Optional locks would rewrite the user's index while looking at it.
                ["GIT_OPTIONAL_LOCKS"] = "0",
                ["LC_ALL"] = "C",
            },
        };
        var result = await ProcessRunner.RunAsync(request, cancellationToken);
        return result.ExitCode == 0
            ? result.StandardOutput.Trim()
            : throw new ProcessFailedException(
                request,
                $"exited with status {result.ExitCode}",
                result.StandardError,
                ExitCode.Usage
            );
    }

    [GeneratedRegex("^(diff --git |--- (a/|/dev/null))", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Change();

    [GeneratedRegex("[^A-Za-z0-9._]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unfit();
}
