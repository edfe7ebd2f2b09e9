// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>
/// The Debian archive seen through an apt root of our own in the cache: the host's sources and keyrings are read, its
/// lists, package cache and /etc/apt are never written, and no privileges are needed.
/// </summary>
/// <param name="directory">Folder of the private root.</param>
internal sealed class AptArchive(string directory)
{
    /// <summary>An update of all lists of a slow mirror, or a package of 150 MB over a slow line.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>Where Debian's keyring package puts the archive's keys on every release since 8.</summary>
    private const string DebianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>True on hosts that have apt and dpkg.</summary>
    public static bool IsAvailable =>
        ProcessRunner.FindInPath("apt-get") is not null && ProcessRunner.FindInPath("dpkg-deb") is not null;

    /// <summary>Downloads the newest version of a package.</summary>
    /// <param name="package">Name of the package.</param>
    /// <param name="suites">Suites to look in where the host's own sources don't carry it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Version, and path of the package file.</returns>
    /// <exception cref="InfrastructureException">No source has it.</exception>
    public async Task<(string Version, string File)> DownloadNewestAsync(
        string package,
        IReadOnlyList<string> suites,
        CancellationToken cancellationToken
    )
    {
        foreach (var folder in new[] { "state/lists/partial", "cache/archives/partial", "packages" })
        {
            Directory.CreateDirectory(Path.Combine(directory, folder));
        }

        await WriteConfigurationAsync(sourceList: null, cancellationToken);
        // A third-party source that can't be reached is none of our business: what counts is whether the package is there.
        var update = await RunAsync("apt-get", cancellationToken, "--quiet=2", "update");
        var version = await FindNewestAsync(package, cancellationToken);
        if (version is null)
        {
            await AddSuitesAsync(suites, cancellationToken);
            update = await RunAsync("apt-get", cancellationToken, "--quiet=2", "update");
            version = await FindNewestAsync(package, cancellationToken);
        }

        if (version is null)
        {
            throw new InfrastructureException(
                $"no apt source of this host has the package {package}, also with the suites {string.Join(", ", suites)}; "
                    + "check the network and 'apt-get update', or use your own tree with KERNEL_TREE=DIR. apt said:\n"
                    + (update.StandardError.Trim() is { Length: > 0 } said ? said : "nothing")
            );
        }

        var download = Path.Combine(directory, "packages");
        foreach (var old in Directory.EnumerateFiles(download))
        {
            File.Delete(old);
        }

        await ProcessRunner.RunCheckedAsync(
            Request("apt-get", ["--quiet=2", "download", $"{package}={version}"]) with
            {
                WorkingDirectory = download,
            },
            cancellationToken
        );
        return (version, Directory.EnumerateFiles(download, "*.deb").Single());
    }

    private async Task<string?> FindNewestAsync(string package, CancellationToken cancellationToken)
    {
        // "linux-source-6.12 | 6.12.94-1 | http://mirror bookworm/main amd64 Packages", newest first.
        var madison = await RunAsync("apt-cache", cancellationToken, "madison", package);
        return madison
            .StandardOutput.Split('\n')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(fields =>
                fields.Length == 3 && fields[0] == package && fields[2].EndsWith("Packages", StringComparison.Ordinal)
            )
            .Select(fields => fields[1])
            .FirstOrDefault();
    }

    /// <summary>The mirror and the keyring of the host's own Debian sources, with other suites.</summary>
    private async Task AddSuitesAsync(IReadOnlyList<string> suites, CancellationToken cancellationToken)
    {
        var targets = await RunAsync(
            "apt-get",
            cancellationToken,
            "indextargets",
            "--format",
            "$(ORIGIN)|$(LABEL)|$(REPO_URI)",
            "Created-By: Packages"
        );
        var mirror = targets
            .StandardOutput.Split('\n')
            .Select(line => line.Split('|'))
            .Where(fields => fields.Length == 3 && fields[0] == "Debian" && fields[1] == "Debian")
            .Select(fields => fields[2])
            .FirstOrDefault();
        if (mirror is null)
        {
            return;
        }

        var option = File.Exists(DebianKeyring) ? $"[signed-by={DebianKeyring}] " : "";
        var list = Path.Combine(directory, "suites.list");
        await File.WriteAllLinesAsync(
            list,
            suites.Select(suite => $"deb {option}{mirror} {suite} main"),
            cancellationToken
        );
        await WriteConfigurationAsync(list, cancellationToken);
    }

    private string ConfigurationFile => Path.Combine(directory, "apt.conf");

    /// <summary>Read after the host's own settings, so that its proxy holds and its hooks don't.</summary>
    private Task WriteConfigurationAsync(string? sourceList, CancellationToken cancellationToken)
    {
        var lines = new List<string>
        {
            "#clear APT::Update::Pre-Invoke;",
            "#clear APT::Update::Post-Invoke;",
            "#clear APT::Update::Post-Invoke-Success;",
            $"Dir::State \"{directory}/state\";",
            $"Dir::Cache \"{directory}/cache\";",
            // What the host has installed or pinned must not decide which version is measured.
            "Dir::State::status \"/dev/null\";",
            "Dir::Etc::preferences \"/dev/null\";",
            "Dir::Etc::preferencesparts \"/dev/null\";",
            "Acquire::Languages \"none\";",
            // apt's own user can't write into a private folder.
            $"APT::Sandbox::User \"{Environment.UserName}\";",
        };
        if (sourceList is not null)
        {
            lines.Add($"Dir::Etc::sourcelist \"{sourceList}\";");
            lines.Add("Dir::Etc::sourceparts \"/dev/null\";");
        }

        return File.WriteAllLinesAsync(ConfigurationFile, lines, cancellationToken);
    }

    private Task<ProcessResult> RunAsync(
        string program,
        CancellationToken cancellationToken,
        params string[] arguments
    ) => ProcessRunner.RunAsync(Request(program, arguments), cancellationToken);

    private ProcessRequest Request(string program, string[] arguments) =>
        new(program, [$"--config-file={ConfigurationFile}", .. arguments], Limit)
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C" },
        };
}
