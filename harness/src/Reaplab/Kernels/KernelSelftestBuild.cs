// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>
/// Compiles the selftests of a base's own source against the headers of that source. They are compiled from the unpatched
/// source whatever kernel they are run in: they ask whether a series keeps what the base promises.
/// </summary>
/// <param name="workspace">Names the cache.</param>
/// <param name="definition">Says which programs.</param>
/// <param name="source">The source.</param>
/// <param name="toolchain">What compiles.</param>
internal sealed class KernelSelftestBuild(
    Workspace workspace,
    BaseDefinition definition,
    KernelSource source,
    Toolchain toolchain
)
{
    /// <summary>Where the kernel keeps them.</summary>
    private const string Home = "tools/testing/selftests";

    /// <summary>What "make headers" reads, and the selftests.</summary>
    private static readonly string[] Needed = ["Makefile", "arch/x86", "include", "scripts", "tools/include", Home];

    /// <summary>A dozen small C programs, or a thousand headers: seconds, on a busy host a minute or two.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// tools/testing/selftests/lib.mk's own, and what makes the programs independent of the image: without "-static" each
    /// would bring libraries along. Warnings are the kernel's affair.
    /// </summary>
    private static readonly string[] Flags = ["-D_GNU_SOURCE=", "-w", "-pthread", "-static", "-s"];

    private string Folder =>
        Path.Combine(workspace.CacheDirectory, "selftests", $"{definition.Name}-{ComputeHash()[..16]}");

    private KernelSelftests Result =>
        new(definition.Name.Value, Folder, [.. definition.KernelSelftests.Select(selftest => selftest.Program.Value)]);

    /// <summary>SHA-256 over what the checkout decides: which programs, and how they are compiled.</summary>
    public static string HashSelection(BaseDefinition definition)
    {
        var text = new StringBuilder(string.Join(' ', Flags)).Append('\n');
        foreach (var selftest in definition.KernelSelftests)
        {
            text.AppendJoin(' ', selftest.Sources).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The programs from the cache, or null.</summary>
    public KernelSelftests? Find()
    {
        if (!Directory.Exists(Folder))
        {
            return null;
        }

        Directory.SetLastWriteTimeUtc(Folder, DateTime.UtcNow);
        return Result;
    }

    /// <summary>Compiles the programs; the caller holds the host lock.</summary>
    /// <exception cref="ConfigurationException">The base names a program that its source does not have.</exception>
    /// <exception cref="ProcessFailedException">One does not compile.</exception>
    public async Task<KernelSelftests> BuildAsync(IStageProgress progress, CancellationToken cancellationToken)
    {
        var attempt = Folder + ".partial";
        var tree = Path.Combine(attempt, "source");
        if (Directory.Exists(attempt))
        {
            Directory.Delete(attempt, recursive: true);
        }

        Directory.CreateDirectory(tree);
        var stage = $"selftests of {definition.Name}";
        var total = definition.KernelSelftests.Count + 1;
        progress.Report(new StageState(stage, "headers", 0, total));
        await UnpackAsync(tree, cancellationToken);
        var headers = await InstallHeadersAsync(tree, attempt, cancellationToken);
        var programs = Path.Combine(attempt, "programs");
        foreach (var (selftest, done) in definition.KernelSelftests.Select((each, index) => (each, index + 1)))
        {
            progress.Report(new StageState(stage, selftest.Program.Value, done, total));
            await CompileAsync(selftest, tree, headers, programs, cancellationToken);
        }

        Directory.Move(programs, Folder);
        Directory.Delete(attempt, recursive: true);
        progress.Report(new StageState(stage, "built", total, total, Finished: true));
        return Result;
    }

    private string ComputeHash() =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes($"{HashSelection(definition)}\n{source.Hash}\n{toolchain.Compiler}\n")
            )
        );

    /// <summary>From the base's commit: the work tree may hold an approach's series.</summary>
    private async Task UnpackAsync(string tree, CancellationToken cancellationToken)
    {
        var archive = tree + ".tar";
        await new GitRepository(source.Directory).RunAsync(
            cancellationToken,
            ["archive", "--format=tar", "--output", archive, source.Commit, "--", .. Needed]
        );
        await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("tar", ["--extract", "--file", archive, "--directory", tree], Limit),
            cancellationToken
        );
        File.Delete(archive);
    }

    private static async Task<string> InstallHeadersAsync(
        string tree,
        string attempt,
        CancellationToken cancellationToken
    )
    {
        var objects = Path.Combine(attempt, "objects");
        Directory.CreateDirectory(objects);
        await new KernelMake(tree, objects, Path.Combine(attempt, "headers.log")).InstallHeadersAsync(
            cancellationToken
        );
        return Path.Combine(objects, "usr", "include");
    }

    private async Task CompileAsync(
        KernelSelftestDefinition selftest,
        string tree,
        string headers,
        string programs,
        CancellationToken cancellationToken
    )
    {
        var home = Path.Combine(tree, Home);
        var sources = selftest.Sources.ToList();
        if (sources.Find(each => !File.Exists(Path.Combine(home, each))) is { } missing)
        {
            throw new ConfigurationException(
                definition.File,
                selftest.Program.Line,
                $"'{selftest.Program}': {source.Version} has no {Home}/{missing}"
            );
        }

        var output = Path.Combine(programs, selftest.Program.Value);
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("gcc", [.. Flags, "-isystem", headers, "-I", tree, "-o", output, .. sources], Limit)
            {
                WorkingDirectory = home,
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C" },
            },
            cancellationToken
        );
    }
}
