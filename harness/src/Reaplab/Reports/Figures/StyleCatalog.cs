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
        var references = manifest.Methods.ToDictionary(method => method.Name, method => method.Reference);
        // Methods that come down to different references never share a plot, so each family starts at the first colour.
        _methods = manifest
            .Methods.GroupBy(method => Root(references, method.Name))
            .SelectMany(family =>
                family
                    .Where(method => method.Name != family.Key)
                    .Select((method, index) => (method.Name, Style: Numbered(index)))
                    .Append((Name: family.Key, Style: (Black, 0)))
            )
            .ToDictionary(entry => entry.Name, entry => entry.Style);
    }

    /// <summary>The style of a cell.</summary>
    public SeriesStyle Of(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var (colour, point) = _methods.GetValueOrDefault(cell.Method, (Black, 0));
        return new SeriesStyle(colour, Math.Max(0, _approaches.IndexOf(cell.Approach)) % SeriesStyle.Dashes, point);
    }

    /// <summary>When the colours are through, they come again with other shapes.</summary>
    private static (string Colour, int Point) Numbered(int index) =>
        (Colours[index % Colours.Length], 1 + ((index + (index / Colours.Length)) % (SeriesStyle.Points - 1)));

    /// <summary>Where a chain of references ends: a locked killer is compared with a plain one, and others with the locked.</summary>
    private static string Root(Dictionary<string, string> references, string method)
    {
        // A method is judged against one that the manifest lists; more steps than methods would be a circle.
        for (var steps = 0; steps < references.Count; steps++)
        {
            if (references.GetValueOrDefault(method, "") is not { Length: > 0 } reference)
            {
                return method;
            }

            method = reference;
        }

        return method;
    }
}
