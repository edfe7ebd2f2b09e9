// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;

namespace Reaplab.Machines;

/// <summary>
/// Recognises the kernel's complaints. Rules look at one line after its time stamp and are tried in order; the corpus of
/// console logs under the tests' folder consoles/ is their specification: a new rule comes with a log.
/// </summary>
internal static partial class KernelMessageRules
{
    private static readonly (KernelMessageKind? Kind, Regex Pattern)[] Rules =
    [
        (KernelMessageKind.Panic, Panic()),
        // Not this kernel's fault as such: lockdep ran out of its own tables.
        (KernelMessageKind.Warning, LockdepLimit()),
        (KernelMessageKind.Stall, Stall()),
        (KernelMessageKind.Oops, Oops()),
        (KernelMessageKind.Warning, Warning()),
        (KernelMessageKind.OutOfMemory, OutOfMemory()),
    ];

    /// <summary>The complaint a console line holds, or null.</summary>
    /// <param name="line">A line, with or without a time stamp; program output may stand before the stamp.</param>
    public static KernelMessage? Match(string line)
    {
        var text = AfterTimeStamp(line);
        foreach (var (kind, pattern) in Rules)
        {
            if (kind is { } matched && pattern.Match(text) is { Success: true } match)
            {
                return new KernelMessage(matched, Normalise(match.Value));
            }
        }

        return null;
    }

    /// <summary>Where in a line the kernel's time stamp begins; negative where it has none.</summary>
    /// <param name="line">A console line.</param>
    public static int StampIndex(string line) => TimeStamp().Match(line) is { Success: true } stamp ? stamp.Index : -1;

    /// <summary>The function an oops happened in, from its "RIP: 0010:function+0x12/0x34" line, or null.</summary>
    /// <param name="line">A line after an oops.</param>
    public static string? Function(string line) =>
        InstructionPointer().Match(AfterTimeStamp(line)) is { Success: true } match ? match.Groups["name"].Value : null;

    private static string AfterTimeStamp(string line)
    {
        // The last stamp: a program that wrote no newline leaves its words before the kernel's.
        var stamp = TimeStamp().Matches(line);
        return (stamp.Count == 0 ? line : line[(stamp[^1].Index + stamp[^1].Length)..]).TrimEnd();
    }

    /// <summary>Drops what differs between two boots of the same fault, so that equal faults have equal titles.</summary>
    private static string Normalise(string title)
    {
        title = CpuAndPid().Replace(title, "");
        title = Address().Replace(title, "ADDR");
        title = TaskNumber().Replace(title, "");
        title = Seconds().Replace(title, "for too long");
        title = Offset().Replace(title, "");
        return title.Trim();
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int LimitMilliseconds = 1000;

    [GeneratedRegex(@"\[ *\d+\.\d{6}\](\[ *[TC]\d+\])? ", Options, LimitMilliseconds)]
    private static partial Regex TimeStamp();

    [GeneratedRegex(@"^Kernel panic - not syncing.*", Options, LimitMilliseconds)]
    private static partial Regex Panic();

    [GeneratedRegex(@"^BUG: MAX_(LOCKDEP|LOCK|STACK)\w* too low!", Options, LimitMilliseconds)]
    private static partial Regex LockdepLimit();

    [GeneratedRegex(
        @"^(watchdog: BUG: (soft|hard) lockup|watchdog: Watchdog detected hard LOCKUP|BUG: workqueue lockup|INFO: task \S+ blocked for more than \d+ seconds|rcu: INFO: \w+ (self-)?detected (expedited )?stalls?|INFO: rcu\w* (self-)?detected stalls?).*",
        Options,
        LimitMilliseconds
    )]
    private static partial Regex Stall();

    [GeneratedRegex(
        @"^(BUG: |kernel BUG at |Oops: |Oops\[#|general protection fault[,:]|divide error:|invalid opcode:|stack segment:|int3:|double fault:|PANIC: double fault|traps: PANIC:|Kernel stack overflow).*",
        Options,
        LimitMilliseconds
    )]
    private static partial Regex Oops();

    [GeneratedRegex(@"^(WARNING: |UBSAN: |INFO: possible recursive locking).*", Options, LimitMilliseconds)]
    private static partial Regex Warning();

    [GeneratedRegex(
        @"^(Out of memory: Killed process|Memory cgroup out of memory: Killed process) \d+ \([^)]*\)",
        Options,
        LimitMilliseconds
    )]
    private static partial Regex OutOfMemory();

    [GeneratedRegex(@"^RIP: [0-9a-f]{4}:(?<name>[\w.]+)\+0x", Options, LimitMilliseconds)]
    private static partial Regex InstructionPointer();

    [GeneratedRegex(@"CPU: *\d+ PID: *\d+ (?=at )", Options, LimitMilliseconds)]
    private static partial Regex CpuAndPid();

    [GeneratedRegex(@"\b(0x)?[0-9a-f]{8,}\b", Options, LimitMilliseconds)]
    private static partial Regex Address();

    [GeneratedRegex(
        @"(?<=(task|process) \S+):\d+|(?<=Killed process )\d+ |(?<=CPU)#\d+|(?<=on CPU ?)\d+|:\d+(?=\]$)|(?<=atomic: [^/]+)/\d+/\w+",
        Options,
        LimitMilliseconds
    )]
    private static partial Regex TaskNumber();

    [GeneratedRegex(@"for (more than )?\d+ ?s(econds)?!?", Options, LimitMilliseconds)]
    private static partial Regex Seconds();

    [GeneratedRegex(@"\+0x[0-9a-f]+/0x[0-9a-f]+", Options, LimitMilliseconds)]
    private static partial Regex Offset();
}
