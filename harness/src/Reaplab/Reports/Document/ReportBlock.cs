// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Document;

/// <summary>
/// A piece of a report, said without a format. Each exporter renders every kind, so an output never says something else
/// than another one.
/// </summary>
internal abstract record ReportBlock
{
    /// <summary>A title; level 1 for the report, 2 for a section, 3 below.</summary>
    public sealed record Heading(int Level, string Text) : ReportBlock;

    /// <summary>Running text.</summary>
    public sealed record Prose(string Text) : ReportBlock;

    /// <summary>A list; each item is running text.</summary>
    public sealed record Bullets(IReadOnlyList<string> Items) : ReportBlock;

    /// <summary>Names with values, e.g. what a run was made of.</summary>
    public sealed record Facts(IReadOnlyList<(string Name, string Value)> Items) : ReportBlock;

    /// <summary>A table.</summary>
    /// <param name="Columns">Heads; one that starts with '>' aligns its column to the right.</param>
    /// <param name="Rows">Rows, those of a group together.</param>
    /// <param name="GroupColumn">What groups are, for outputs that give them a column.</param>
    public sealed record Table(
        IReadOnlyList<string> Columns,
        IReadOnlyList<TableRow> Rows,
        string GroupColumn = "kernel"
    ) : ReportBlock;

    /// <summary>A plot drawn in characters, for outputs that have no images.</summary>
    public sealed record TextPlot(IReadOnlyList<string> Lines) : ReportBlock;

    /// <summary>A plot by the name of its files, for outputs that have images.</summary>
    public sealed record Image(string Name, string Description) : ReportBlock;
}
