// SPDX-License-Identifier: MIT

using System.Text;
using Reaplab.Machines;

namespace Reaplab.Tests.Machines;

/// <summary>Reads every console in consoles/: after the header lines KIND and TITLE comes the log as the guest wrote it.</summary>
public sealed class ConsoleCorpusTests
{
    public static TheoryData<string> Consoles =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Machines", "consoles"), "*.log")
                .Select(file => Path.GetFileName(file)!),
        ];

    [Theory]
    [MemberData(nameof(Consoles))]
    public void A_console_gives_its_first_complaint_however_it_is_cut(string name)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Machines", "consoles", name));
        var parts = text.Split("\n\n", 2);
        var header = parts[0]
            .Split('\n')
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        foreach (var piece in new[] { 1, 7, 4096 })
        {
            var scanner = new ConsoleScanner();
            foreach (var bytes in Encoding.UTF8.GetBytes(parts[1]).Chunk(piece))
            {
                scanner.Append(bytes);
            }

            scanner.Finish();
            var first = scanner.Fault ?? (scanner.Messages.Count > 0 ? scanner.Messages[0] : null);
            Assert.Equal(header["KIND"], first?.Kind.ToString() ?? "None");
            Assert.Equal(header["TITLE"], first?.Title ?? "-");
        }
    }
}
