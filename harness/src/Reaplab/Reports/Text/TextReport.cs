// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Document;

namespace Reaplab.Reports.Text;

/// <summary>
/// report.txt: plain ASCII, at most 72 columns, so that it survives a mailing list and being quoted twice.
/// </summary>
public sealed class TextReport : IReportExporter
{
    private const int Width = 72;

    /// <inheritdoc/>
    public string FileName => "report.txt";

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
            ReportBlock.Heading heading => Heading(heading),
            ReportBlock.Prose prose => [.. Paragraph.Wrap(prose.Text, Width), ""],
            ReportBlock.Bullets bullets =>
            [
                .. bullets.Items.SelectMany(item => Paragraph.Wrap($"- {item}", Width, "  ")),
                "",
            ],
            ReportBlock.Facts facts => [.. Facts(facts), ""],
            ReportBlock.Table table => [.. Table(table), ""],
            ReportBlock.TextPlot plot => [.. plot.Lines, ""],
            ReportBlock.Image => [],
            _ => throw new ArgumentOutOfRangeException(nameof(block), block, "not rendered"),
        };

    private static IEnumerable<string> Heading(ReportBlock.Heading heading)
    {
        var lines = Paragraph.Wrap(heading.Text, Width).ToList();
        return [.. lines, new string(heading.Level == 1 ? '=' : '-', lines.Max(line => line.Length)), ""];
    }

    private static IEnumerable<string> Facts(ReportBlock.Facts facts)
    {
        var width = facts.Items.Max(item => item.Name.Length) + 2;
        return facts.Items.SelectMany(item =>
            Paragraph
                .Wrap(item.Value, Width - width)
                .Select((line, index) => (index == 0 ? item.Name : "").PadRight(width) + line)
        );
    }

    /// <summary>A group is a line of its own, so that the columns keep the width.</summary>
    private static IEnumerable<string> Table(ReportBlock.Table table)
    {
        var text = new TextTable([.. table.Columns]);
        var group = "";
        foreach (var row in table.Rows)
        {
            if (row.Group != group)
            {
                group = row.Group;
                text.AddHeading(group);
            }

            text.Add([(group.Length > 0 ? "  " : "") + row.Fields[0], .. row.Fields.Skip(1)]);
        }

        return text.Lines(Width);
    }
}
