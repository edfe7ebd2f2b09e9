// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Cli.Verifying;

/// <summary>The console of a test that went wrong is all there is to find out why, and the scratch folder goes with us.</summary>
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

        var folder = Path.Combine(checkout.Results, "verify");
        Directory.CreateDirectory(folder);
        var kept = Path.Combine(folder, $"{name}.console.log");
        File.Copy(console, kept, overwrite: true);
        return kept;
    }
}
