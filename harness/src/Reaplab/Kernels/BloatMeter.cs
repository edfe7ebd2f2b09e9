// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.RegularExpressions;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Runs the kernel's own scripts/bloat-o-meter, which kernel developers know the numbers of.</summary>
/// <param name="source">The base's source, which has the script.</param>
internal sealed partial class BloatMeter(KernelSource source)
{
    private const string Script = "scripts/bloat-o-meter";

    /// <summary>A list of forty thousand symbols: a second, on a busy host some more.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Takes the symbols out of vmlinux: a tenth of its size, and all that sizes are read from.</summary>
    /// <param name="objects">Object tree with a finished vmlinux.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task KeepSymbolsAsync(string objects, CancellationToken cancellationToken) =>
        ProcessRunner.RunCheckedAsync(
            new ProcessRequest(
                "objcopy",
                ["--extract-symbol", Path.Combine(objects, "vmlinux"), Path.Combine(objects, KernelCache.SymbolsName)],
                Limit
            ),
            cancellationToken
        );

    /// <summary>Compares two kernels.</summary>
    /// <param name="before">Symbols of the one without the series.</param>
    /// <param name="after">Symbols of the other.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<KernelGrowth> MeasureAsync(string before, string after, CancellationToken cancellationToken)
    {
        var script = await new GitRepository(source.Directory).RunAsync(
            cancellationToken,
            "show",
            $"{source.Commit}:{Script}"
        );
        var result = await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("python3", ["-", before, after], Limit) { StandardInput = script + "\n" },
            cancellationToken
        );
        return Parse(result.StandardOutput);
    }

    /// <summary>Reads the first and the last line of the script's output; those between name each function.</summary>
    /// <exception cref="InfrastructureException">The output is not what the script is known to write.</exception>
    internal static KernelGrowth Parse(string output)
    {
        var changes = Changes().Match(output);
        var total = Total().Match(output);
        if (!changes.Success || !total.Success)
        {
            throw new InfrastructureException(
                $"{Script} said something unknown:\n{output[..Math.Min(400, output.Length)]}"
            );
        }

        return new KernelGrowth(
            Count("add"),
            Count("remove"),
            Count("grow"),
            Count("shrink"),
            Bytes(changes, "up"),
            Bytes(changes, "down"),
            Bytes(total, "before"),
            Bytes(total, "after")
        );

        int Count(string name) => int.Parse(changes.Groups[name].Value, CultureInfo.InvariantCulture);

        static long Bytes(Match match, string name) =>
            long.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        "^add/remove: (?<add>[0-9]+)/(?<remove>[0-9]+) grow/shrink: (?<grow>[0-9]+)/(?<shrink>[0-9]+) "
            + "up/down: (?<up>[0-9]+)/-?(?<down>[0-9]+) ",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex Changes();

    [GeneratedRegex(
        "^Total: Before=(?<before>[0-9]+), After=(?<after>[0-9]+),",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex Total();
}
