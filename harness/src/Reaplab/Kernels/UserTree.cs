// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>
/// The user's own git tree, which is only read: its objects are shared into a clone in the cache, and no branch, index or
/// build file of it changes.
/// </summary>
/// <param name="tree">Top folder of the tree.</param>
internal sealed class UserTree(string tree)
{
    private const int NamesShown = 10;

    /// <summary>git status of a kernel tree on a cold disk reads 85,000 inodes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Brings the clone to a commit of the tree, or to its HEAD with the uncommitted changes where allowed.</summary>
    /// <param name="directory">The clone; made if it is not there.</param>
    /// <param name="commit">The commit; null for HEAD. Where one is named, uncommitted changes have no part in it.</param>
    /// <param name="allowDirty">Take uncommitted changes along instead of refusing them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ReaplabException">It is no git tree of a kernel, or has uncommitted changes.</exception>
    public async Task<KernelSource> FetchAsync(
        string directory,
        string? commit,
        bool allowDirty,
        CancellationToken cancellationToken
    )
    {
        if (!File.Exists(Path.Combine(tree, "Kbuild")) || !Directory.Exists(Path.Combine(tree, "kernel")))
        {
            throw new ReaplabException($"KERNEL_TREE={tree} is not the top of a kernel source tree", ExitCode.Usage);
        }

        var head = (
            await ReadAsync(cancellationToken, "rev-parse", "--verify", $"{commit ?? "HEAD"}^{{commit}}")
        ).Trim();
        var changes = commit is null ? await ReadAsync(cancellationToken, "diff", "--name-only", "HEAD") : "";
        var names = changes.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length > 0 && !allowDirty)
        {
            var more = names.Length > NamesShown ? $" and {names.Length - NamesShown} more" : "";
            throw new ReaplabException(
                $"KERNEL_TREE={tree} has uncommitted changes in {string.Join(", ", names.Take(NamesShown))}{more}; "
                    + "commit or stash them, or say --dirty to build them as they are",
                ExitCode.Usage
            );
        }

        var version = (await ReadAsync(cancellationToken, "describe", "--always", "--long", head)).Trim();
        var clone = await CloneAsync(directory, head, cancellationToken);
        if (names.Length > 0)
        {
            var patch = directory + ".dirty.patch";
            // Written by git itself: a round trip through text would change line ends.
            await ReadAsync(cancellationToken, "diff", "--binary", "--full-index", $"--output={patch}", "HEAD");
            await clone.RunAsync(cancellationToken, "apply", "--index", patch);
            await clone.RunAsync(
                cancellationToken,
                "commit",
                "--quiet",
                "--no-verify",
                "--message",
                "uncommitted changes"
            );
            version += "-dirty";
        }

        return new KernelSource(
            version,
            await clone.RunAsync(cancellationToken, "rev-parse", "HEAD^{tree}"),
            await clone.RunAsync(cancellationToken, "rev-parse", "HEAD"),
            directory
        );
    }

    private async Task<GitRepository> CloneAsync(string directory, string head, CancellationToken cancellationToken)
    {
        var clone = new GitRepository(directory);
        if (!Directory.Exists(Path.Combine(directory, ".git")))
        {
            Directory.CreateDirectory(directory);
            await clone.RunAsync(cancellationToken, "init", "--quiet", "--initial-branch=base");
            await clone.RunAsync(cancellationToken, "config", "gc.auto", "0");
        }

        // Sharing costs nothing and needs no write access to the tree, unlike worktrees.
        var objects = (await ReadAsync(cancellationToken, "rev-parse", "--git-path", "objects")).Trim();
        await File.WriteAllTextAsync(
            Path.Combine(directory, ".git", "objects", "info", "alternates"),
            Path.GetFullPath(Path.Combine(tree, objects)) + "\n",
            cancellationToken
        );
        await clone.ResetToAsync(head, cancellationToken);
        return clone;
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var result = await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("git", arguments, Limit)
            {
                WorkingDirectory = tree,
                // Optional locks would rewrite the user's index while looking at it.
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["GIT_OPTIONAL_LOCKS"] = "0",
                    ["LC_ALL"] = "C",
                },
            },
            cancellationToken
        );
        return result.StandardOutput;
    }
}
