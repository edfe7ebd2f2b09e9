// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Machines;
using Reaplab.Trials;

namespace Reaplab.Verification;

/// <summary>
/// Runs an approach's programs in one boot of a debug kernel while kmemleak keeps account of every allocation, and then
/// asks what was leaked. One boot for all: what a program leaves behind can only add to what is found.
/// </summary>
/// <param name="context">What the boots share.</param>
/// <param name="directory">Folder for the consoles.</param>
public sealed class LeakHunt(RunContext context, string directory)
{
    /// <summary>Name of the report that says whether anything leaked, after those of the programs.</summary>
    public const string Verdict = "kmemleak";

    /// <summary>Traces shown; a leak in a loop has thousands, and the kept file has them all.</summary>
    private const int TracesShown = 10;

    private readonly RunContext watched = context with
    {
        KernelArguments = [.. context.KernelArguments, "kmemleak=on"],
    };
    private readonly List<SelftestReport> reports = [];

    /// <summary>The console of the last boot; null before the first.</summary>
    public string? Console { get; private set; }

    /// <summary>What kmemleak reported; empty where it had nothing to report.</summary>
    public string Found { get; private set; } = "";

    /// <summary>Boots a kernel, runs the programs and looks for leaks. Called once.</summary>
    /// <param name="kernel">A kernel of the debug flavour.</param>
    /// <param name="programs">The programs.</param>
    /// <param name="onLine">Given each line of their output, and the traces of leaks.</param>
    /// <param name="onReport">Given each report as it is made.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A report for each program, and <see cref="Verdict"/>.</returns>
    public async Task<IReadOnlyList<SelftestReport>> RunAsync(
        KernelBuild kernel,
        IReadOnlyList<string> programs,
        Action<string> onLine,
        Action<SelftestReport> onReport,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(programs);
        ArgumentNullException.ThrowIfNull(onLine);
        ArgumentNullException.ThrowIfNull(onReport);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RunOnceAsync(kernel, programs, attempt, onLine, Add, cancellationToken);
                return reports;
            }
            catch (MachineEndedException exception) when (exception.End.IsKernelFault)
            {
                return GiveUp(SelftestOutcome.Crashed, exception.End.Title);
            }
            catch (ReaplabException exception) when (exception.ExitCode == ExitCode.Regression)
            {
                return GiveUp(SelftestOutcome.Failed, exception.Message);
            }
            catch (ReaplabException exception) when (exception.ExitCode == ExitCode.Infrastructure)
            {
                // What has been reported is not asked again: a repeat would have to begin with the first program.
                if (attempt == Selftest.Attempts || reports.Count > 0)
                {
                    return GiveUp(SelftestOutcome.HostTrouble, exception.Message);
                }

                onLine($"# host trouble, trying again: {exception.Message.Split('\n')[0]}");
            }
        }

        List<SelftestReport> GiveUp(SelftestOutcome outcome, string why)
        {
            var first = reports.Count;
            foreach (var name in programs.Append(Verdict).Skip(first))
            {
                var detail = reports.Count == first ? why : $"not run: {why.Split('\n')[0]}";
                Add(new SelftestReport(name, outcome, detail));
            }

            return reports;
        }

        void Add(SelftestReport report)
        {
            reports.Add(report);
            onReport(report);
        }
    }

    /// <summary>What the leaks come to; each kind is shown once.</summary>
    internal static SelftestReport Judge(IReadOnlyList<KernelLeak> leaks, Action<string> onLine)
    {
        if (leaks.Count == 0)
        {
            return new SelftestReport(Verdict, SelftestOutcome.Passed);
        }

        var kinds = leaks
            .GroupBy(leak => $"{leak.Title}\n{string.Join('\n', leak.Trace)}", StringComparer.Ordinal)
            .OrderByDescending(kind => kind.Count())
            .ToList();
        foreach (var kind in kinds.Take(TracesShown))
        {
            var times = kind.Count() == 1 ? "once" : $"{kind.Count()} times";
            onLine($"# leaked {times}: {kind.First().Title}, allocated for \"{kind.First().Command}\" in");
            foreach (var frame in kind.First().Trace)
            {
                onLine($"#   {frame}");
            }
        }

        var titles = kinds.Select(kind => kind.First().Title).Distinct(StringComparer.Ordinal).Take(3);
        return new SelftestReport(
            Verdict,
            SelftestOutcome.Failed,
            $"leaked objects: {leaks.Count} ({string.Join("; ", titles)})"
        );
    }

    private async Task RunOnceAsync(
        KernelBuild kernel,
        IReadOnlyList<string> programs,
        int attempt,
        Action<string> onLine,
        Action<SelftestReport> onReport,
        CancellationToken cancellationToken
    )
    {
        var folder = Path.Combine(directory, $"{Verdict}-{attempt}");
        Console = Path.Combine(folder, "console.log");
        await using var guest = await Guest.StartAsync(watched, kernel, Selftest.Shape, folder, cancellationToken);
        var kmemleak = new Kmemleak(guest);
        await kmemleak.BeginAsync(cancellationToken);
        foreach (var program in programs)
        {
            onReport(
                await SelftestProgram.RunAsync(
                    guest,
                    $"{Selftest.OwnPrograms}/{program}",
                    program,
                    TimeSpan.Zero,
                    onLine,
                    cancellationToken
                )
            );
        }

        Found = await kmemleak.FindAsync(cancellationToken);
        onReport(Judge(KernelLeak.Parse(Found), onLine));
    }
}
