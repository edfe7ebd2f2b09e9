// SPDX-License-Identifier: MIT
using Reaplab.Reports.Figures;

namespace Reaplab.Reports.Plots;

/// <summary>Draws figures into files. What draws is chosen by name: <c>PLOTS=gnuplot</c> or <c>PLOTS=scottplot</c>.</summary>
public interface IPlotter
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>Draws every figure as NAME.svg and NAME.png.</summary>
    /// <param name="figures">What to draw.</param>
    /// <param name="directory">
    /// Folder of the plots, made if missing; what made them lies in its folder data/.
    /// </param>
    /// <param name="cancellationToken">Stops drawing; finished files stay.</param>
    /// <returns>The files made, in the order of the figures, SVG before PNG.</returns>
    /// <exception cref="Foundation.ReaplabException">The drawing program is missing or failed.</exception>
    Task<IReadOnlyList<string>> DrawAsync(
        IReadOnlyList<Figure> figures,
        string directory,
        CancellationToken cancellationToken = default
    );
}
