// SPDX-License-Identifier: MIT
using System.Text;

namespace Reaplab.Reports.Text;

/// <summary>A table in plain ASCII whose columns are as wide as what they hold.</summary>
internal sealed class TextTable
{
    private const string Continuation = "    ";

    private readonly List<string[]> _rows = [];
    private readonly bool[] _isRight;

    /// <summary>A table with a head.</summary>
    /// <param name="columns">Heads; one that starts with '>' aligns its column to the right.</param>
    public TextTable(params string[] columns)
    {
        _isRight = [.. columns.Select(column => column.StartsWith('>'))];
        _rows.Add([.. columns.Select(column => column.TrimStart('>'))]);
    }

    /// <summary>Adds a row.</summary>
    public void Add(params string[] fields) => _rows.Add([.. fields.Select(Paragraph.Ascii)]);

    /// <summary>Adds a line of its own, e.g. the name of a group.</summary>
    public void AddHeading(string text) => _rows.Add([Paragraph.Ascii(text)]);

    /// <summary>
    /// The lines, without trailing blanks; two blanks between columns where that fits, else one. Columns that do not fit at
    /// all go to a second line.
    /// </summary>
    /// <param name="width">Widest line.</param>
    public IEnumerable<string> Lines(int width)
    {
        var full = _rows.Where(row => row.Length > 1).ToList();
        var widths = Enumerable.Range(0, _isRight.Length).Select(i => full.Max(row => row[i].Length)).ToArray();
        var gap = widths.Sum() + (2 * (widths.Length - 1)) <= width ? 2 : 1;
        return _rows.SelectMany(row => row.Length == 1 ? [row[0]] : Broken(row, widths, gap, width));
    }

    private IEnumerable<string> Broken(string[] row, int[] widths, int gap, int width)
    {
        var line = new StringBuilder();
        for (var i = 0; i < row.Length; i++)
        {
            var space = line.Length == 0 ? 0 : gap;
            if (i > 0 && line.Length + space + widths[i] > width)
            {
                yield return line.ToString().TrimEnd();
                line.Clear().Append(Continuation);
                space = 0;
            }

            line.Append(' ', space);
            line.Append(_isRight[i] ? row[i].PadLeft(widths[i]) : row[i].PadRight(widths[i]));
        }

        yield return line.ToString().TrimEnd();
    }
}
