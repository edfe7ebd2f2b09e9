// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Trials;

namespace Reaplab.Reports.Figures;

/// <summary>
/// Gives each method a colour and a point shape, and each kernel a dash, the same in every plot of a run. References are
/// black. The colours are those of Okabe and Ito, which people with any common colour blindness can tell apart, without
/// their yellow, which nobody can see on white.
/// </summary>
public sealed class StyleCatalog
{
    private const string Black = "#000000";

    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9"];

    private readonly Dictionary<string, (string Colour, int Point)> _methods;
    private readonly List<string> _approaches;

    /// <summary>Styles for a run.</summary>
    /// <param name="manifest">Its kernels and methods.</param>
    public StyleCatalog(RunManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        _approaches = manifest.Kernels.Select(kernel => kernel.Approach).ToList();
        // Methods with different references never share a plot, so each family starts at the first colour.
        _methods = manifest
            .Methods.GroupBy(method => method.Reference)
            .SelectMany(family =>
                family.Select((method, index) => (method, index, IsReference: family.Key.Length == 0))
            )
            .ToDictionary(
                entry => entry.method.Name,
                entry =>
                    entry.IsReference
                        ? (Black, 0)
                        : (Colours[entry.index % Colours.Length], 1 + (entry.index % (SeriesStyle.Points - 1)))
            );
    }

    /// <summary>The style of a cell.</summary>
    public SeriesStyle Of(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var (colour, point) = _methods.GetValueOrDefault(cell.Method, (Black, 0));
        return new SeriesStyle(colour, Math.Max(0, _approaches.IndexOf(cell.Approach)) % SeriesStyle.Dashes, point);
    }
}
