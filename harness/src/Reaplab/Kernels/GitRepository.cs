// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>A git work tree of ours in the cache. The user's own git settings (signing, hooks, templates) don't reach it.</summary>
/// <param name="directory">The work tree.</param>
internal sealed class GitRepository(string directory)
{
    /// <summary>A kernel tree has 85,000 files; on a cold, busy disk git has been seen to take minutes for one pass.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>Fixed, so that equal content gives an equal commit on every host.</summary>
    private static readonly Dictionary<string, string?> Environment = new(StringComparer.Ordinal)
    {
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_AUTHOR_NAME"] = "reaplab",
        ["GIT_AUTHOR_EMAIL"] = "reaplab@localhost",
        ["GIT_AUTHOR_DATE"] = "2000-01-01T00:00:00Z",
        ["GIT_COMMITTER_NAME"] = "reaplab",
        ["GIT_COMMITTER_EMAIL"] = "reaplab@localhost",
        ["GIT_COMMITTER_DATE"] = "2000-01-01T00:00:00Z",
        ["GIT_DIR"] = null,
        ["GIT_WORK_TREE"] = null,
        ["GIT_INDEX_FILE"] = null,
        ["LC_ALL"] = "C",
    };

    /// <summary>The work tree.</summary>
    public string Directory => directory;

    /// <summary>Runs git and fails unless it succeeds.</summary>
    /// <returns>Its standard output without the last line's end.</returns>
    public async Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await ProcessRunner.RunCheckedAsync(Request(arguments), cancellationToken)).StandardOutput.TrimEnd('\n');

    /// <summary>Runs git, whatever its status.</summary>
    public Task<ProcessResult> TryRunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        ProcessRunner.RunAsync(Request(arguments), cancellationToken);

    /// <summary>Commits everything in the folder, ignored files included, as a new repository.</summary>
    public async Task ImportAsync(string message, CancellationToken cancellationToken)
    {
        await RunAsync(cancellationToken, "init", "--quiet", "--initial-branch=base");
        // Objects are written once and read often from the same disk: speed before size.
        await RunAsync(cancellationToken, "config", "core.looseCompression", "1");
        await RunAsync(cancellationToken, "config", "gc.auto", "0");
        await RunAsync(cancellationToken, "add", "--all", "--force", ".");
        await RunAsync(cancellationToken, "commit", "--quiet", "--no-verify", "--message", message);
    }

    /// <summary>Puts exactly the content of a commit into the work tree, whatever an earlier use left there.</summary>
    public async Task ResetToAsync(string commit, CancellationToken cancellationToken)
    {
        _ = await TryRunAsync(cancellationToken, "am", "--abort");
        await RunAsync(cancellationToken, "checkout", "--quiet", "--force", "--detach", commit);
        await RunAsync(cancellationToken, "clean", "--quiet", "-ffdx");
    }

    private ProcessRequest Request(string[] arguments) =>
        new("git", arguments, Limit) { WorkingDirectory = directory, Environment = Environment };
}
