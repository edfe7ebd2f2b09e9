// SPDX-License-Identifier: MIT
using System.Text;
using Reaplab.Analysis;
using Reaplab.Reports.Document;

namespace Reaplab.Reports.Markdown;

/// <summary>report.md: the same for GitHub, with the plots.</summary>
public sealed class MarkdownReport : IReportExporter
{
    /// <inheritdoc/>
    public string FileName => "report.md";

    /// <inheritdoc/>
    public void Write(RunAnalysis analysis, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var line in Lines(ReportComposer.Compose(analysis)))
        {
            writer.Write(line);
            writer.Write('\n');
        }
    }

    /// <summary>The lines of some blocks, also for outputs that show others than the whole report.</summary>
    internal static IEnumerable<string> Lines(IEnumerable<ReportBlock> blocks) => blocks.SelectMany(Render);

    private static IEnumerable<string> Render(ReportBlock block) =>
        block switch
        {
            ReportBlock.Heading heading => [$"{new string('#', heading.Level)} {Escape(heading.Text)}", ""],
            ReportBlock.Prose prose => [Escape(prose.Text), ""],
            ReportBlock.Bullets bullets => [.. bullets.Items.Select(item => $"- {Escape(item)}"), ""],
            ReportBlock.Facts facts =>
            [
                "| | |",
                "|---|---|",
                .. facts.Items.Select(item => $"| {Escape(item.Name)} | {Escape(item.Value)} |"),
                "",
            ],
            ReportBlock.Table table => [.. Table(table), ""],
            ReportBlock.TextPlot => [],
            ReportBlock.Image image => [$"![{Escape(image.Description)}](plots/{image.Name}.svg)", ""],
            _ => throw new ArgumentOutOfRangeException(nameof(block), block, "not rendered"),
        };

    /// <summary>A group is the first column, so that a table can be sorted and copied.</summary>
    private static IEnumerable<string> Table(ReportBlock.Table table)
    {
        var isGrouped = table.Rows.Any(row => row.Group.Length > 0);
        var columns = isGrouped ? table.Columns.Prepend(table.GroupColumn).ToList() : table.Columns;
        yield return Line(columns.Select(column => column.TrimStart('>')));
        yield return "|" + string.Concat(columns.Select(column => column.StartsWith('>') ? "---:|" : "---|"));
        foreach (var row in table.Rows)
        {
            yield return Line(isGrouped ? row.Fields.Prepend(row.Group) : row.Fields);
        }
    }

    private static string Line(IEnumerable<string> fields) => $"| {string.Join(" | ", fields.Select(Escape))} |";

    /// <summary>Escapes what GitHub would read as markup; an underscore within a word and a lone bracket are none.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '|' or '*' or '`' or '<' or '>' or '\\' or '#' || (text[i] == '_' && !IsInWord(text, i)))
            {
                escaped.Append('\\');
            }

            escaped.Append(text[i] is '\n' or '\r' ? ' ' : text[i]);
        }

        return escaped.ToString();
    }

    private static bool IsInWord(string text, int at) =>
        at > 0 && at + 1 < text.Length && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at + 1]);
}
