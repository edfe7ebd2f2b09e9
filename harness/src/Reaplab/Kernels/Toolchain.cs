// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>What compiles the kernels: part of every kernel's identity.</summary>
/// <param name="Compiler">First line of the compiler's version.</param>
/// <param name="Linker">First line of the linker's version.</param>
internal sealed record Toolchain(string Compiler, string Linker)
{
    /// <summary>Asks the programs of the host.</summary>
    /// <exception cref="ProcessFailedException">One is missing.</exception>
    public static async Task<Toolchain> DetectAsync(CancellationToken cancellationToken) =>
        new(await AskAsync("gcc", cancellationToken), await AskAsync("ld", cancellationToken));

    private static async Task<string> AskAsync(string program, CancellationToken cancellationToken)
    {
        // A program that prints its version and takes longer than 30 s hangs on something else.
        var request = new ProcessRequest(program, ["--version"], TimeSpan.FromSeconds(30))
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C" },
        };
        var result = await ProcessRunner.RunCheckedAsync(request, cancellationToken);
        return result.StandardOutput.Split('\n')[0].Trim();
    }
}
