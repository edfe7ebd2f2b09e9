// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Verification;

namespace Reaplab.Cli.Verifying;

/// <summary>What a user may say to <c>reaplab verify</c>.</summary>
internal static class VerifyOptions
{
    /// <summary>
    /// A race that is lost once in a million rounds is met in some minutes of many callers on two CPUs, or else in hours:
    /// the curve is flat from here.
    /// </summary>
    internal const string UsualStress = "10min";

    /// <summary>What is run where nothing else is asked for.</summary>
    private static readonly VerificationKind[] Tests =
    [
        VerificationKind.OwnSelftests,
        VerificationKind.KernelSelftests,
    ];

    internal static readonly Argument<string[]> Approaches = new("approach")
    {
        Description = "Approaches to verify, or all",
        Arity = ArgumentArity.OneOrMore,
    };

    internal static readonly Option<bool> Timing = new("--timing")
    {
        Description = "Use the kernel that is measured instead of the debug flavour; what needs debug is skipped",
    };

    internal static readonly Option<bool> Both = new("--both")
    {
        Description = "Verify in the measured kernel and then in the debug flavour",
    };

    internal static readonly Option<string?> Stress = new("--stress")
    {
        Description = $"Instead of the tests: the races, over and over, in all for this long (default: {UsualStress})",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "time",
    };

    internal static readonly Option<bool> Leaks = new("--leaks")
    {
        Description = "Instead of the tests alone: the tests while kmemleak watches",
    };

    internal static readonly Option<bool> Stacked = new("--stacked")
    {
        Description = "Let approaches whose series apply on top of each other share a debug kernel: fewer to build",
    };

    internal static readonly Option<bool> Record = new("--record")
    {
        Description = "Write what passes, by content hash, into results/reference/verified*.json",
    };

    internal static readonly Option<VerificationKind?> Only = new("--only")
    {
        Description = "Run only these: the approach's own tests, or the kernel's",
    };

    internal static readonly Option<bool> Again = new("--again")
    {
        Description = "With all: verify also what the record already holds with the same content",
    };

    /// <summary>The kinds of tests that are asked for.</summary>
    /// <exception cref="ReaplabException">The time of the stress is none.</exception>
    internal static IReadOnlyList<VerificationSubjects> FindSubjects(ParseResult parsed, Workspace workspace)
    {
        var subjects = new List<VerificationSubjects>();
        if (parsed.GetResult(Stress) is not null)
        {
            subjects.Add(
                new VerificationSubjects(workspace, VerificationKind.Stress)
                {
                    StressTime = ParseStress(parsed.GetValue(Stress) ?? UsualStress),
                }
            );
        }

        if (parsed.GetValue(Leaks))
        {
            subjects.Add(new VerificationSubjects(workspace, VerificationKind.Leaks));
        }

        if (parsed.GetValue(Only) is { } only && (subjects.Count > 0 || !Tests.Contains(only)))
        {
            throw new ReaplabException(
                $"--only {only}: chooses between {string.Join(" and ", Tests)}; for others say --stress or --leaks alone",
                ExitCode.Usage
            );
        }

        return subjects.Count > 0
            ? subjects
            :
            [
                .. Tests
                    .Where(kind => kind == (parsed.GetValue(Only) ?? kind))
                    .Select(kind => new VerificationSubjects(workspace, kind)),
            ];
    }

    /// <summary>The flavours that are asked for.</summary>
    /// <exception cref="ReaplabException">One is asked for something that only the debug flavour does.</exception>
    internal static KernelFlavour[] FindFlavours(ParseResult parsed)
    {
        KernelFlavour[] flavours = (parsed.GetValue(Both), parsed.GetValue(Timing)) switch
        {
            (true, _) => [KernelFlavour.Timing, KernelFlavour.Debug],
            (false, true) => [KernelFlavour.Timing],
            (false, false) => [KernelFlavour.Debug],
        };
        var isDebugOnly = parsed.GetResult(Stress) is not null || parsed.GetValue(Leaks);
        if (isDebugOnly && flavours is not [KernelFlavour.Debug])
        {
            throw new ReaplabException(
                "--stress and --leaks are for the debug flavour, without --timing or --both",
                ExitCode.Usage
            );
        }

        // A kernel that is measured has one series: what another one costs would be measured, too.
        return !parsed.GetValue(Stacked) || flavours.Contains(KernelFlavour.Debug)
            ? flavours
            : throw new ReaplabException("--stacked is for the debug flavour, without --timing", ExitCode.Usage);
    }

    /// <summary>The time of a stress.</summary>
    internal static TimeSpan ParseStress(string text) =>
        Duration.TryParse(text, out var time) && time >= TimeSpan.FromSeconds(1)
            ? time
            : throw new ReaplabException(
                $"--stress {text}: not a time such as {UsualStress} or 30s (the approaches stand before the option)",
                ExitCode.Usage
            );
}
