// SPDX-License-Identifier: MIT
using System.Runtime.CompilerServices;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Reaplab.Tests.Support;

/// <summary>
/// Compares an output with the file that a person has read and accepted. A difference writes NAME.received.txt beside it and
/// shows what changed; accepting it is renaming that file to NAME.verified.txt.
/// </summary>
internal static class Verified
{
    /// <summary>First line of every verified file; no part of the output.</summary>
    private const string Licence = "SPDX-License-Identifier: MIT\n";

    private const int ShownLines = 60;

    public static void Check(string output, string name, [CallerFilePath] string caller = "")
    {
        var verifiedFile = SourceFile.Beside($"{name}.verified.txt", caller);
        var receivedFile = SourceFile.Beside($"{name}.received.txt", caller);
        var received = Licence + output;
        var verified = File.Exists(verifiedFile) ? File.ReadAllText(verifiedFile) : "";
        if (received == verified)
        {
            File.Delete(receivedFile);
            return;
        }

        File.WriteAllText(receivedFile, received);
        Assert.Fail(
            $"{name}: not what was verified; if it is right, mv {receivedFile} {verifiedFile}\n{Differences(verified, received)}"
        );
    }

    private static string Differences(string verified, string received)
    {
        var lines = new InlineDiffBuilder(new Differ())
            .BuildDiffModel(verified, received)
            .Lines.Where(line => line.Type != ChangeType.Unchanged)
            .Select(line => (line.Type == ChangeType.Inserted ? "+ " : "- ") + line.Text)
            .ToList();
        return string.Join('\n', lines.Take(ShownLines))
            + (lines.Count > ShownLines ? $"\n... and {lines.Count - ShownLines} more" : "");
    }
}
