// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Images;

/// <summary>Finds what a program of the host needs to run elsewhere.</summary>
internal static class SharedLibraries
{
    /// <summary>Paths of the shared libraries and the loader; none for a static program.</summary>
    /// <exception cref="InfrastructureException">A library is missing on the host.</exception>
    public static async Task<IReadOnlyList<string>> FindAsync(string program, CancellationToken cancellationToken)
    {
        // ldd starts the loader only: 30 s is a hang.
        var request = new ProcessRequest("ldd", [program], TimeSpan.FromSeconds(30))
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C" },
        };
        var result = await ProcessRunner.RunAsync(request, cancellationToken);
        if (result.StandardOutput.Contains("not found", StringComparison.Ordinal))
        {
            throw new InfrastructureException(
                $"{program} lacks a shared library on this host; reinstall its package:\n{result.StandardOutput.TrimEnd()}"
            );
        }

        // "libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x…)" or "/lib64/ld-linux-x86-64.so.2 (0x…)".
        return
        [
            .. result
                .StandardOutput.Split('\n')
                .Select(line => line.Split("=>")[^1].Trim().Split(' ')[0])
                .Where(path => path.StartsWith('/') && File.Exists(path))
                .Order(StringComparer.Ordinal),
        ];
    }
}
