// SPDX-License-Identifier: MIT
namespace Reaplab.Cli;

/// <summary>What a report gave.</summary>
/// <param name="Text">report.txt.</param>
/// <param name="Plots">Paths of the plots (SVG).</param>
/// <param name="TooFewTrials">True where nothing could be said for want of valid trials.</param>
internal sealed record ReportSummary(string Text, IReadOnlyList<string> Plots, bool TooFewTrials);
