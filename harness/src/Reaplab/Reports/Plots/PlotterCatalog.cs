// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Reports.Plots;

/// <summary>Finds a plotter by name: gnuplot is built in, others are plug-ins.</summary>
public static class PlotterCatalog
{
    /// <summary>The plotter used when nobody chooses.</summary>
    public const string Default = "gnuplot";

    /// <summary>The plotter of a name.</summary>
    /// <param name="name">E.g. gnuplot or scottplot, in any case.</param>
    /// <param name="pluginsDirectory">Folder of plug-ins; looked at only when the name is not built in.</param>
    /// <exception cref="ReaplabException">There is none of that name.</exception>
    public static IPlotter Find(string name, string pluginsDirectory)
    {
        IPlotter builtIn = new GnuplotPlotter();
        if (Is(builtIn, name))
        {
            return builtIn;
        }

        var plugins = PluginLoader.Load<IPlotter>(pluginsDirectory);
        return plugins.FirstOrDefault(plotter => Is(plotter, name))
            ?? throw new ReaplabException(
                $"there is no plotter '{name}': there are {string.Join(", ", plugins.Prepend(builtIn).Select(p => p.Name))}; "
                    + "'make plugins' builds those whose packages the NuGet feed has",
                ExitCode.Usage
            );
    }

    private static bool Is(IPlotter plotter, string name) =>
        plotter.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
