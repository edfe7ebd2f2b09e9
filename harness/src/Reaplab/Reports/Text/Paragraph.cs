// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Text;

/// <summary>Breaks text into lines.</summary>
internal static class Paragraph
{
    /// <summary>Lines of at most the given width; a word longer than that is cut.</summary>
    /// <param name="text">Text; other characters than printable ASCII become '?'.</param>
    /// <param name="width">Widest line.</param>
    /// <param name="indent">Put before every line but the first.</param>
    public static IEnumerable<string> Wrap(string text, int width, string indent = "")
    {
        var line = "";
        foreach (var word in Ascii(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(Cut))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = indent + word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        if (line.Length > 0)
        {
            yield return line;
        }

        IEnumerable<string> Cut(string word) => word.Chunk(width - indent.Length).Select(part => new string(part));
    }

    /// <summary>The text with everything replaced that a mailing list might not carry.</summary>
    public static string Ascii(string text) =>
        string.Concat(
            text.Select(c =>
                c is >= ' ' and <= '~' ? c
                : char.IsWhiteSpace(c) ? ' '
                : '?'
            )
        );
}
