// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.RegularExpressions;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Runs the kernel's make in one source tree and one object tree, with everything pinned that would differ by host.</summary>
/// <param name="source">Source tree.</param>
/// <param name="objects">Object tree.</param>
/// <param name="log">File that gets the whole output.</param>
internal sealed partial class KernelMake(string source, string objects, string log)
{
    private const int ErrorLinesShown = 12;

    /// <summary>Variables of the caller's environment, and of a make that called us, which would change the build.</summary>
    private static readonly string[] Foreign =
    [
        "MAKEFLAGS",
        "MFLAGS",
        "MAKELEVEL",
        "MAKEOVERRIDES",
        "MAKEFILES",
        "GNUMAKEFLAGS",
        "CC",
        "LD",
        "AS",
        "CFLAGS",
        "CPPFLAGS",
        "LDFLAGS",
        "KCFLAGS",
        "KAFLAGS",
        "KCPPFLAGS",
        "HOSTCC",
        "HOSTCFLAGS",
        "ARCH",
        "SUBARCH",
        "CROSS_COMPILE",
        "LLVM",
        "O",
        "V",
        "W",
        "C",
        "KBUILD_OUTPUT",
        "KBUILD_VERBOSE",
        "KCONFIG_CONFIG",
        "KCONFIG_ALLCONFIG",
        "LOCALVERSION",
        "INSTALL_PATH",
        "DEB_BUILD_OPTIONS",
    ];

    /// <summary>A debug kernel takes a quarter of an hour on two cores; four of those mean that something is stuck.</summary>
    private static readonly TimeSpan BuildLimit = TimeSpan.FromHours(1);

    /// <summary>Configuring takes seconds, on a busy host a minute.</summary>
    private static readonly TimeSpan ConfigLimit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What is pinned, as text for the cache key. The version string carries no date, user or host, so equal input gives
    /// equal kernels; without LOCALVERSION a git tree would add a "+".
    /// </summary>
    public static IReadOnlyList<string> PinnedVariables { get; } =
    [
        "ARCH=x86_64",
        "LOCALVERSION=-reaplab",
        "KBUILD_BUILD_TIMESTAMP=2000-01-01",
        "KBUILD_BUILD_USER=reaplab",
        "KBUILD_BUILD_HOST=reaplab",
        "KBUILD_BUILD_VERSION=1",
    ];

    /// <summary>The finished configuration.</summary>
    public string ConfigPath => Path.Combine(objects, ".config");

    /// <summary>Configures: tinyconfig, the fragments in order, then the kernel's own resolution.</summary>
    /// <param name="fragments">Fragments in merging order.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task ConfigureAsync(IReadOnlyList<string> fragments, CancellationToken cancellationToken)
    {
        await ProcessRunner.RunCheckedAsync(Request(ConfigLimit, ["--silent", "tinyconfig"]), cancellationToken);
        await ProcessRunner.RunCheckedAsync(
            new ProcessRequest(
                Path.Combine(source, "scripts", "kconfig", "merge_config.sh"),
                ["-m", "-O", objects, ConfigPath, .. fragments],
                ConfigLimit
            )
            {
                WorkingDirectory = source,
                Environment = CleanEnvironment(),
                LogFile = log,
            },
            cancellationToken
        );
        await ProcessRunner.RunCheckedAsync(Request(ConfigLimit, ["--silent", "olddefconfig"]), cancellationToken);
    }

    /// <summary>Configures with requests from anywhere.</summary>
    /// <param name="requested">The requests; no more is promised than that the kernel resolves them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ConfigureAsync(KernelConfig requested, CancellationToken cancellationToken)
    {
        var merged = Path.Combine(objects, "requested.config");
        await File.WriteAllLinesAsync(merged, requested.Symbols.Select(symbol => symbol.ToString()), cancellationToken);
        await ConfigureAsync([merged], cancellationToken);
    }

    /// <summary>Puts the headers that programs are compiled with below usr/include of the object tree.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public Task InstallHeadersAsync(CancellationToken cancellationToken) =>
        ProcessRunner.RunCheckedAsync(Request(ConfigLimit, ["--silent", "headers"]), cancellationToken);

    /// <summary>Compiles single objects with W=1.</summary>
    /// <param name="what">Names the kernel in errors.</param>
    /// <param name="files">Objects relative to the top, e.g. mm/oom_kill.o; none is fine.</param>
    /// <param name="jobs">Compilers at once.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null, or why one does not compile; and the warnings.</returns>
    public async Task<(ReaplabException? Failure, IReadOnlyList<CompilerWarning> Warnings)> FindWarningsAsync(
        string what,
        IReadOnlyList<string> files,
        int jobs,
        CancellationToken cancellationToken
    )
    {
        if (files.Count == 0)
        {
            return (null, []);
        }

        var lines = new List<string>();
        var request = Request(
            BuildLimit,
            [$"--jobs={jobs.ToString(CultureInfo.InvariantCulture)}", "W=1", .. files]
        ) with
        {
            OnLine = lines.Add,
        };
        var result = await ProcessRunner.RunAsync(request, cancellationToken);
        return (
            result.ExitCode == 0 ? null : Explain(what, request, lines),
            [.. lines.Select(line => CompilerWarning.TryParse(line, source)).OfType<CompilerWarning>()]
        );
    }

    /// <summary>Builds bzImage.</summary>
    /// <param name="what">Names the kernel in errors, e.g. "approach 'noop'".</param>
    /// <param name="jobs">Compilers at once.</param>
    /// <param name="onStep">Called with each step make names, e.g. "CC mm/oom_kill.o".</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null, or why it does not compile, with the first errors.</returns>
    public async Task<ReaplabException?> BuildAsync(
        string what,
        int jobs,
        Action<string> onStep,
        CancellationToken cancellationToken
    )
    {
        var lines = new List<string>();
        var request = Request(BuildLimit, [$"--jobs={jobs.ToString(CultureInfo.InvariantCulture)}", "bzImage"]) with
        {
            OnLine = line =>
            {
                var step = Step().Match(line);
                if (step.Success)
                {
                    onStep($"{step.Groups["tool"].Value} {step.Groups["file"].Value}");
                }
                else
                {
                    lines.Add(line);
                }
            },
        };
        var result = await ProcessRunner.RunAsync(request, cancellationToken);
        return result.ExitCode == 0 ? null : Explain(what, request, lines);
    }

    private ReaplabException Explain(string what, ProcessRequest request, List<string> lines)
    {
        if (lines.Exists(line => line.Contains("No space left on device", StringComparison.Ordinal)))
        {
            return new InfrastructureException(
                $"the disk of {objects} is full: a kernel's objects need up to 2 GB; 'reaplab cache --prune' frees some"
            );
        }

        // What follows the first error is mostly its echo; a line before it says in which function.
        var first = lines.FindIndex(line => Error().IsMatch(line));
        var from = Math.Max(0, first < 0 ? lines.Count - ErrorLinesShown : first - 1);
        var shown = string.Join('\n', lines.Skip(from).Take(ErrorLinesShown).Select(line => "    " + line));
        return new ReaplabException(
            $"{what} does not compile:\n{shown}\n  command: {request.CommandLine}\n  whole output: {log}",
            ExitCode.Usage
        );
    }

    private ProcessRequest Request(TimeSpan limit, string[] arguments)
    {
        var ccache = ProcessRunner.FindInPath("ccache") is null ? Array.Empty<string>() : ["CC=ccache gcc"];
        return new ProcessRequest(
            "make",
            ["-C", source, "O=" + objects, .. PinnedVariables, .. ccache, .. arguments],
            limit
        )
        {
            Environment = CleanEnvironment(),
            LogFile = log,
        };
    }

    private static Dictionary<string, string?> CleanEnvironment()
    {
        var environment = Foreign.ToDictionary(name => name, string? (_) => null, StringComparer.Ordinal);
        environment["LC_ALL"] = "C";
        return environment;
    }

    [GeneratedRegex("^  (?<tool>[A-Z][A-Z0-9_]*) +(\\[M\\] +)?(?<file>\\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Step();

    [GeneratedRegex(
        "error:|\\bError [0-9]|undefined reference|No rule to make target|not found$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Error();
}
