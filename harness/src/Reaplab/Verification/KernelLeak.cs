// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.RegularExpressions;

namespace Reaplab.Verification;

/// <summary>Memory that nothing in the kernel points to any more, as kmemleak reports it.</summary>
/// <param name="Bytes">Size of the object.</param>
/// <param name="Command">Name of the program in whose context it was allocated.</param>
/// <param name="Trace">Who allocated it: functions with offsets, the innermost first.</param>
public sealed partial record KernelLeak(long Bytes, string Command, IReadOnlyList<string> Trace)
{
    /// <summary>Size and allocating function, equal for equal leaks.</summary>
    public string Title
    {
        get
        {
            var frame = Trace.FirstOrDefault(each => !Allocator().IsMatch(each)) ?? Trace.FirstOrDefault("unknown");
            return string.Create(CultureInfo.InvariantCulture, $"{Bytes} bytes from {frame.Split('+')[0]}");
        }
    }

    /// <summary>Reads what kmemleak's file in debugfs shows.</summary>
    /// <param name="text">Its content.</param>
    public static IReadOnlyList<KernelLeak> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var leaks = new List<KernelLeak>();
        var trace = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (Head().Match(line) is { Success: true } head)
            {
                trace = [];
                leaks.Add(
                    new KernelLeak(long.Parse(head.Groups["bytes"].Value, CultureInfo.InvariantCulture), "", trace)
                );
            }
            else if (leaks.Count > 0 && Comm().Match(line) is { Success: true } comm)
            {
                leaks[^1] = leaks[^1] with { Command = comm.Groups["name"].Value };
            }
            else if (leaks.Count > 0 && Frame().Match(line) is { Success: true } frame)
            {
                trace.Add(frame.Groups["where"].Value);
            }
        }

        return leaks;
    }

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int LimitMilliseconds = 1000;

    [GeneratedRegex(@"^unreferenced object 0x[0-9a-f]+ \(size (?<bytes>\d+)\):", Options, LimitMilliseconds)]
    private static partial Regex Head();

    [GeneratedRegex("^  comm \"(?<name>.*)\", pid ", Options, LimitMilliseconds)]
    private static partial Regex Comm();

    [GeneratedRegex(@"^    (\[<[0-9a-f]+>\] )?(?<where>\S+\+0x[0-9a-f]+/0x[0-9a-f]+)", Options, LimitMilliseconds)]
    private static partial Regex Frame();

    /// <summary>Frames that every allocation begins with and that name no culprit.</summary>
    [GeneratedRegex(
        "^(kmemleak_|__?k[mzv]*alloc|k[mzv]+alloc|kmem_cache_alloc|slab_|__slab_|kmalloc_|__do_kmalloc|krealloc|kmemdup|kstr|vmalloc|__vmalloc|pcpu_alloc|alloc_percpu|__alloc)",
        Options,
        LimitMilliseconds
    )]
    private static partial Regex Allocator();
}
