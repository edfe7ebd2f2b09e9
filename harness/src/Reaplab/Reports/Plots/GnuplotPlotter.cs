// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Reports.Figures;

namespace Reaplab.Reports.Plots;

/// <summary>Draws with gnuplot, and leaves script and data beside the plots so that anybody can draw them anew.</summary>
public sealed class GnuplotPlotter : IPlotter
{
    /// <summary>
    /// All figures of a run, some thirty, are drawn by one gnuplot in about three seconds, on a host with sixteen times more
    /// to do than it has CPUs in ten; three minutes tell a hanging one from a slow machine.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public string Name => "gnuplot";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> DrawAsync(
        IReadOnlyList<Figure> figures,
        string directory,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(figures);
        if (figures.Count == 0)
        {
            return [];
        }

        var data = Path.Combine(directory, "data");
        Directory.CreateDirectory(data);
        foreach (var figure in figures)
        {
            var script = GnuplotScript.Of(figure);
            await File.WriteAllTextAsync(Path.Combine(data, $"{figure.Name}.dat"), script.Data, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(data, $"{figure.Name}.gp"), script.Commands, cancellationToken);
        }

        // One program for all: finding the fonts takes longer than drawing.
        var result = await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("gnuplot", [.. figures.Select(figure => $"{figure.Name}.gp")], Limit)
            {
                WorkingDirectory = data,
            },
            cancellationToken
        );
        return [.. figures.SelectMany(figure => Files(directory, figure, result))];
    }

    private static IEnumerable<string> Files(string directory, Figure figure, ProcessResult result)
    {
        foreach (var extension in new[] { "svg", "png" })
        {
            var file = Path.Combine(directory, $"{figure.Name}.{extension}");
            if (!File.Exists(file))
            {
                throw new ReaplabException(
                    $"gnuplot ended without an error but made no {file}: {result.StandardError.Trim()}; draw "
                        + $"{figure.Name}.gp in {Path.Combine(directory, "data")} by hand to see why",
                    ExitCode.Infrastructure
                );
            }

            yield return file;
        }
    }
}
