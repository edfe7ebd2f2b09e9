// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using Reaplab.Foundation;

namespace Reaplab.Machines;

/// <summary>The QEMU in use.</summary>
/// <param name="Path">Full path of the program.</param>
/// <param name="Version">First line of its version text.</param>
/// <param name="HasMicrovm">Whether it was built with the microvm machine.</param>
public sealed record QemuInstallation(string Path, string Version, bool HasMicrovm)
{
    /// <summary>Printing a version takes milliseconds; 30 s only guards against a broken file system.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly ConcurrentDictionary<string, QemuInstallation> Known = new(StringComparer.Ordinal);

    /// <summary>Asks QEMU about itself, once per process and program.</summary>
    /// <param name="program">A name in PATH or a path.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="InfrastructureException">There is no such program.</exception>
    /// <exception cref="ProcessFailedException">It does not run.</exception>
    public static async Task<QemuInstallation> FindAsync(string program, CancellationToken cancellationToken)
    {
        if (Known.TryGetValue(program, out var known))
        {
            return known;
        }

        var path =
            ProcessRunner.FindInPath(program)
            ?? throw new InfrastructureException(
                $"there is no QEMU: '{program}' is not in PATH; 'make deps' installs it (Debian: qemu-system-x86, Fedora: qemu-system-x86-core)"
            );
        var version = await ProcessRunner.RunCheckedAsync(
            new ProcessRequest(path, ["-version"], Limit),
            cancellationToken
        );
        var machines = await ProcessRunner.RunCheckedAsync(
            new ProcessRequest(path, ["-machine", "help"], Limit),
            cancellationToken
        );
        return Known.GetOrAdd(
            program,
            new QemuInstallation(
                path,
                version.StandardOutput.Split('\n')[0].Trim(),
                machines.StandardOutput.Contains("\nmicrovm ", StringComparison.Ordinal)
            )
        );
    }
}
