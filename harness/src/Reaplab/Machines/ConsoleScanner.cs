// SPDX-License-Identifier: MIT

using System.Text;

namespace Reaplab.Machines;

/// <summary>
/// Reads a console as it grows, in pieces of any size, and finds the ready line and the kernel's complaints. A line that
/// arrives in two pieces is seen whole; a line without end is looked at in overlapping parts.
/// </summary>
internal sealed class ConsoleScanner
{
    /// <summary>What the image's init prints once the SSH server listens.</summary>
    public const string ReadyLine = "reaplab: guest ready";

    /// <summary>Longest line put together before it is looked at unfinished; the kernel's own end at 1 KiB.</summary>
    private const int LongestLine = 4096;

    /// <summary>Kept of an unfinished line that was looked at: longer than any phrase the rules look for.</summary>
    private const int Overlap = 256;

    /// <summary>Lines kept for excerpts: a stack dump of two CPUs and the lines before it.</summary>
    private const int LinesKept = 300;

    private const int LinesBeforeFault = 5;
    private const int LinesAfterFault = 60;

    private readonly Queue<string> lines = new();
    private readonly StringBuilder unfinished = new();
    private readonly List<KernelMessage> messages = [];
    private readonly List<string> faultLines = [];
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private string interrupted = "";

    /// <summary>True once the guest has said that it is ready.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Bytes seen.</summary>
    public long Length { get; private set; }

    /// <summary>All complaints, in order.</summary>
    public IReadOnlyList<KernelMessage> Messages => messages;

    /// <summary>The first oops or panic: later ones are its consequences. Null where there is none.</summary>
    public KernelMessage? Fault { get; private set; }

    /// <summary>The lines around <see cref="Fault"/>, or the console's last lines where there is none.</summary>
    public string Excerpt =>
        string.Join('\n', Fault is null ? lines.Append(unfinished.ToString()).TakeLast(LinesAfterFault) : faultLines)
            .Trim();

    /// <summary>Takes the next piece of the console.</summary>
    /// <param name="bytes">The piece.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        Span<char> text = stackalloc char[512];
        while (!bytes.IsEmpty)
        {
            decoder.Convert(bytes, text, flush: false, out var used, out var written, out _);
            bytes = bytes[used..];
            foreach (var character in text[..written])
            {
                Take(character);
            }
        }
    }

    /// <summary>Looks at a last line that has no end; called when nothing more can come.</summary>
    public void Finish()
    {
        if (unfinished.Length > 0)
        {
            Look(unfinished.ToString());
            unfinished.Clear();
        }
    }

    private void Take(char character)
    {
        if (character == '\n')
        {
            Look(unfinished.ToString());
            unfinished.Clear();
        }
        else if (character is not ('\r' or '\0'))
        {
            unfinished.Append(character);
            if (unfinished.Length > LongestLine)
            {
                Look(unfinished.ToString());
                unfinished.Remove(0, unfinished.Length - Overlap);
            }
        }
    }

    private void Look(string line)
    {
        Keep(line);
        line = Disentangle(line);
        IsReady |= line.Contains(ReadyLine, StringComparison.Ordinal);
        if (KernelMessageRules.Match(line) is { } message)
        {
            messages.Add(message);
            if (Fault is null && message.Kind is KernelMessageKind.Oops or KernelMessageKind.Panic)
            {
                Fault ??= message;
                faultLines.AddRange(lines.TakeLast(LinesBeforeFault + 1));
            }
        }
        else if (
            Fault is { Kind: KernelMessageKind.Oops }
            && !Fault.Title.Contains(" in ", StringComparison.Ordinal)
            && KernelMessageRules.Function(line) is { } function
        )
        {
            Fault = Fault with { Title = $"{Fault.Title} in {function}" };
        }
    }

    /// <summary>
    /// The kernel writes into the middle of a program's line ("guest r[    0.976091] …", then "eady"): its part is looked
    /// at by itself, the program's parts as one line when the rest has come.
    /// </summary>
    private string Disentangle(string line)
    {
        var stamp = KernelMessageRules.StampIndex(line);
        if (stamp > 0)
        {
            interrupted += line[..stamp];
            return line[stamp..];
        }

        if (stamp < 0 && interrupted.Length > 0)
        {
            line = interrupted + line;
            interrupted = "";
        }

        return line;
    }

    private void Keep(string line)
    {
        lines.Enqueue(line);
        if (lines.Count > LinesKept)
        {
            lines.Dequeue();
        }

        if (Fault is not null && faultLines.Count < LinesBeforeFault + LinesAfterFault)
        {
            faultLines.Add(line);
        }
    }
}
