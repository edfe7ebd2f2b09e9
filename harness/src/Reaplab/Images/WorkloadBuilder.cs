// SPDX-License-Identifier: MIT

using System.Globalization;
using Reaplab.Foundation;

namespace Reaplab.Images;

/// <summary>Builds the guest's own programs with workloads/Makefile.</summary>
/// <param name="workspace">The checkout and its cache.</param>
internal sealed class WorkloadBuilder(Workspace workspace)
{
    /// <summary>Twenty small C programs: seconds, on a busy host a minute or two.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Builds, strips and returns all programs by their path below the output folder.</summary>
    /// <exception cref="ProcessFailedException">One does not compile.</exception>
    public async Task<IReadOnlyDictionary<string, byte[]>> BuildAsync(CancellationToken cancellationToken)
    {
        // One folder per build: two checkouts, or two harnesses, must not mix their programs.
        var output = Path.Combine(
            workspace.CacheDirectory,
            "images",
            string.Create(CultureInfo.InvariantCulture, $"workloads-{Environment.ProcessId}-{Guid.NewGuid():n}")
        );
        Directory.CreateDirectory(output);
        try
        {
            var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["LC_ALL"] = "C",
                // A make that called us must not pass its own settings on.
                ["MAKEFLAGS"] = null,
                ["MFLAGS"] = null,
                ["MAKELEVEL"] = null,
                ["CFLAGS"] = null,
                ["LDFLAGS"] = null,
            };
            var jobs = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
            var make = new ProcessRequest("make", ["-C", workspace.Workloads, $"--jobs={jobs}", $"OUT={output}"], Limit)
            {
                Environment = environment,
            };
            var result = await ProcessRunner.RunAsync(make, cancellationToken);
            if (result.ExitCode != 0)
            {
                throw new ProcessFailedException(
                    make,
                    $"exited with status {result.ExitCode}",
                    result.StandardOutput + result.StandardError,
                    ExitCode.Usage
                );
            }

            var files = Directory.GetFiles(output, "*", SearchOption.AllDirectories);
            if (files.Length > 0)
            {
                // Debug information would double the memory the image takes from every guest.
                await ProcessRunner.RunCheckedAsync(
                    new ProcessRequest("strip", ["--strip-all", "--enable-deterministic-archives", .. files], Limit),
                    cancellationToken
                );
            }

            return files.ToDictionary(
                file => Path.GetRelativePath(output, file),
                File.ReadAllBytes,
                StringComparer.Ordinal
            );
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }
}
