// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Cli.Verifying;

/// <summary>
/// The console of a test that went wrong, and what kmemleak found, is all there is to find out why, and the scratch folder
/// goes with us.
/// </summary>
internal static class KeptConsole
{
    /// <summary>Copies a console to results/verify/.</summary>
    /// <param name="checkout">The user's checkout.</param>
    /// <param name="console">The console, or null where nothing was booted.</param>
    /// <param name="name">What it is called there.</param>
    /// <returns>The copy's path, or null where there is nothing to copy.</returns>
    internal static string? Save(Workspace checkout, string? console, string name)
    {
        if (!File.Exists(console))
        {
            return null;
        }

        var kept = PlaceOf(checkout, $"{name}.console.log");
        File.Copy(console, kept, overwrite: true);
        return kept;
    }

    /// <summary>Writes what kmemleak reported to results/verify/.</summary>
    /// <param name="checkout">The user's checkout.</param>
    /// <param name="report">The report; nothing is written where it is empty.</param>
    /// <param name="name">What it is called there.</param>
    /// <returns>The file's path, or null where nothing was written.</returns>
    internal static string? SaveLeaks(Workspace checkout, string report, string name)
    {
        if (report.Length == 0)
        {
            return null;
        }

        var kept = PlaceOf(checkout, $"{name}.kmemleak.txt");
        File.WriteAllText(kept, report);
        return kept;
    }

    private static string PlaceOf(Workspace checkout, string file)
    {
        var folder = Path.Combine(checkout.Results, "verify");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, file);
    }
}
