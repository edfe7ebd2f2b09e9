// SPDX-License-Identifier: MIT
using Reaplab.Machines;

namespace Reaplab.Verification;

/// <summary>
/// Tells the complaints that fail a selftest from those that it provokes on purpose. A program announces the latter by a
/// diagnostic line, <c># expects kernel warning: TEXT</c>, before it provokes them (<c>ktap_expect_warning</c> in ktap.h).
/// </summary>
public sealed class KernelComplaints
{
    private const string Announcement = "# expects kernel warning: ";

    private readonly List<string> announced = [];

    /// <summary>Takes a line of the program's output.</summary>
    /// <param name="line">The line, nested or not.</param>
    public void Take(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var text = line.TrimStart();
        if (
            text.StartsWith(Announcement, StringComparison.Ordinal)
            && text[Announcement.Length..].Trim() is { Length: > 0 } part
        )
        {
            announced.Add(part);
        }
    }

    /// <summary>
    /// The complaints nobody announced. Kills by the kernel's OOM killer are none: tests drive it on purpose, and it does
    /// its work. Only warnings can be announced; what KASAN, a stall detector or an oops says is always a finding.
    /// </summary>
    /// <param name="messages">What the kernel said in the boot.</param>
    public IReadOnlyList<KernelMessage> FindUnannounced(IEnumerable<KernelMessage> messages) =>
        [.. messages.Where(message => message.Kind != KernelMessageKind.OutOfMemory && !IsAnnounced(message))];

    private bool IsAnnounced(KernelMessage message) =>
        message.Kind == KernelMessageKind.Warning
        && announced.Exists(part => message.Title.Contains(part, StringComparison.Ordinal));
}
