// SPDX-License-Identifier: MIT
using Reaplab.Kernels;
using Reaplab.Verification;

namespace Reaplab.Cli.Verifying;

/// <summary>Prints KTAP version 1 on standard output; a level is what a subtest is indented by.</summary>
internal static class Ktap
{
    private const int Indent = 2;

    /// <summary>Head and plan of a test or subtest.</summary>
    internal static void Begin(int level, int count)
    {
        Line(level, "KTAP version 1");
        Line(level, $"1..{count}");
    }

    /// <summary>Any line.</summary>
    internal static void Line(int level, string text) => Console.WriteLine(new string(' ', level * Indent) + text);

    /// <summary>The result of a selftest.</summary>
    internal static void Result(int level, int number, SelftestReport report)
    {
        var detail = report.Detail.Split('\n')[0];
        Line(
            level,
            report.Outcome switch
            {
                SelftestOutcome.Passed => $"ok {number} {report.Selftest}",
                SelftestOutcome.Skipped => $"ok {number} {report.Selftest} # SKIP",
                SelftestOutcome.Crashed => $"not ok {number} {report.Selftest} # the kernel crashed or hung: {detail}",
                SelftestOutcome.HostTrouble => $"not ok {number} {report.Selftest} # host trouble: {detail}",
                _ => $"not ok {number} {report.Selftest} # {detail}",
            }
        );
    }

    /// <summary>What the build says after each patch of a series.</summary>
    /// <returns>True where all is well.</returns>
    internal static bool Report(int level, IReadOnlyList<PatchCheck> checks)
    {
        Begin(level, checks.Count);
        foreach (var check in checks)
        {
            var name = $"{check.Number} {check.Subject}";
            foreach (var line in (check.Failure?.Split('\n') ?? []).Concat(check.Warnings))
            {
                Line(level, "# " + line);
            }

            Line(
                level,
                (check.Failure, check.Warnings.Count) switch
                {
                    (not null, _) => $"not ok {name} # does not compile",
                    (null, > 0) => $"not ok {name} # new warnings under W=1: {check.Warnings.Count}",
                    _ => $"ok {name}",
                }
            );
        }

        return checks.All(check => check.Failure is null && check.Warnings.Count == 0);
    }
}
