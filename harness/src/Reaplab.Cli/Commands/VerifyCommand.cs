// SPDX-License-Identifier: MIT
using System.CommandLine;
using Reaplab.Cli.Display;
using Reaplab.Cli.Verifying;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Verification;

namespace Reaplab.Cli.Commands;

/// <summary><c>reaplab verify</c>: approaches' own tests, and the kernel's, in their booted kernels, as KTAP.</summary>
internal static class VerifyCommand
{
    private const string All = "all";

    private static readonly Argument<string[]> Approaches = new("approach")
    {
        Description = "Approaches to verify, or all",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Timing = new("--timing")
    {
        Description = "Use the kernel that is measured instead of the debug flavour; what needs debug is skipped",
    };

    private static readonly Option<bool> Both = new("--both")
    {
        Description = "Verify in the measured kernel and then in the debug flavour",
    };

    private static readonly Option<bool> Record = new("--record")
    {
        Description = "Write what passes, by content hash, into results/reference/verified*.json",
    };

    private static readonly Option<VerificationKind?> Only = new("--only")
    {
        Description = "Run only these: the approach's own tests, or the kernel's",
    };

    private static readonly Option<bool> Again = new("--again")
    {
        Description = "With all: verify also what the record already holds with the same content",
    };

    internal static Command Create()
    {
        var command = new Command("verify", "Run approaches' functional tests in their booted kernels")
        {
            Approaches,
            Timing,
            Both,
            Record,
            Only,
            Again,
            CommonOptions.Accelerator,
            CommonOptions.Ssh,
            CommonOptions.Jobs,
            CommonOptions.KernelTree,
            CommonOptions.Dirty,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var catalog = Catalog.Find();
        VerificationSubjects[] subjects =
        [
            .. Enum.GetValues<VerificationKind>()
                .Where(kind => kind == (parsed.GetValue(Only) ?? kind))
                .Select(kind => new VerificationSubjects(catalog.Workspace, kind)),
        ];
        var isAll = parsed.GetValue(Approaches)!.Contains(All, StringComparer.Ordinal);
        var approaches = isAll
            ? [.. subjects.SelectMany(each => each.All).DistinctBy(each => each.Name.Value)]
            : parsed.GetValue(Approaches)!.Select(name => Load(catalog, subjects, name)).ToList();
        var record = parsed.GetValue(Record);
        var ownTree = parsed.GetValue(CommonOptions.KernelTree) is { Length: > 0 };
        if (record && ownTree)
        {
            throw new ReaplabException(
                "--record with --kernel-tree: the record speaks of the bases' own sources, which others can fetch",
                ExitCode.Usage
            );
        }

        var display = new ConsoleDisplay();
        using var scratch = new ScratchDirectory();
        var verifier = new ApproachVerifier(catalog, new Preparation(catalog, parsed, display), display, scratch.Path);
        var isResumed = isAll && !ownTree && !parsed.GetValue(Again);
        var worst = ExitCode.Success;
        var jobs = Flavours(parsed)
            .SelectMany(flavour => approaches.Select(approach => (Approach: approach, Flavour: flavour)))
            .ToList();
        Ktap.Begin(0, jobs.Count);
        foreach (var (number, job) in jobs.Select((each, index) => (index + 1, each)))
        {
            var name = $"{number} {job.Approach.Name} ({job.Flavour.ToString().ToLowerInvariant()})";
            var open = await FindOpenAsync(job.Approach, job.Flavour);
            if (open.Count == 0)
            {
                Ktap.Line(0, $"ok {name} # SKIP this content has passed, says the record");
                continue;
            }

            var (code, why) = await VerifyAsync(job.Approach, job.Flavour, open);
            Ktap.Line(0, code == ExitCode.Success ? $"ok {name}" : $"not ok {name} # {why}");
            worst = Worse(worst, code);
        }

        return (int)worst;

        // The kinds of tests that the approach has, without those that the record holds.
        async Task<IReadOnlyList<VerificationSubjects>> FindOpenAsync(
            ApproachDefinition approach,
            KernelFlavour flavour
        )
        {
            var open = new List<VerificationSubjects>();
            foreach (var subject in subjects.Where(each => each.FindTests(approach).Count > 0))
            {
                if (!isResumed || await subject.FindRecordedAsync(approach, flavour, cancellationToken) is null)
                {
                    open.Add(subject);
                }
            }

            return open;
        }

        async Task<(ExitCode Code, string Why)> VerifyAsync(
            ApproachDefinition approach,
            KernelFlavour flavour,
            IReadOnlyList<VerificationSubjects> open
        )
        {
            Ktap.Line(1, $"# Subtest: {approach.Name}");
            try
            {
                var (kernel, reports) = await verifier.RunAsync(approach, flavour, open, cancellationToken);
                if (record)
                {
                    foreach (
                        var (subject, each) in open.Zip(reports)
                            .Where(pair => Judge(pair.Second).Code == ExitCode.Success)
                    )
                    {
                        subject.Record(approach, kernel, each);
                    }
                }

                // Each kind by itself: the kernel's own tests don't make up for an approach whose tests were all skipped.
                return reports
                    .Select(Judge)
                    .Aggregate((one, other) => Worse(one.Code, other.Code) == one.Code ? one : other);
            }
            catch (ReaplabException exception)
            {
                // One approach that does not build must not keep the others from being verified.
                Console.Error.WriteLine("reaplab: " + exception.Message);
                return (exception.ExitCode, exception.Message.Split('\n')[0]);
            }
        }
    }

    private static KernelFlavour[] Flavours(ParseResult parsed) =>
        (parsed.GetValue(Both), parsed.GetValue(Timing)) switch
        {
            (true, _) => [KernelFlavour.Timing, KernelFlavour.Debug],
            (false, true) => [KernelFlavour.Timing],
            (false, false) => [KernelFlavour.Debug],
        };

    /// <summary>What a verification comes to: the worst of its programs, and at least one must have run.</summary>
    internal static (ExitCode Code, string Why) Judge(IReadOnlyList<SelftestReport> reports)
    {
        var code = reports
            .Select(report =>
                report.Outcome switch
                {
                    SelftestOutcome.Failed or SelftestOutcome.Complained => ExitCode.Regression,
                    SelftestOutcome.Crashed => ExitCode.KernelCrash,
                    SelftestOutcome.HostTrouble => ExitCode.Infrastructure,
                    _ => ExitCode.Success,
                }
            )
            .Aggregate(ExitCode.Success, Worse);
        if (code == ExitCode.Success && reports.All(report => report.Outcome == SelftestOutcome.Skipped))
        {
            return (ExitCode.Regression, "every selftest was skipped: nothing is verified");
        }

        return (code, $"{reports.Count(report => !report.IsWell)} of {reports.Count} selftests are not ok");
    }

    /// <summary>The status that tells more: a crash before a failed test, that before what kept a test from running.</summary>
    private static ExitCode Worse(ExitCode one, ExitCode other)
    {
        ExitCode[] order =
        [
            ExitCode.KernelCrash,
            ExitCode.Regression,
            ExitCode.Usage,
            ExitCode.Infrastructure,
            ExitCode.Success,
        ];
        return Array.IndexOf(order, one) <= Array.IndexOf(order, other) ? one : other;
    }

    private static ApproachDefinition Load(Catalog catalog, VerificationSubjects[] subjects, string name)
    {
        var approach = ApproachDefinition.Load(catalog.Workspace, name);
        return Array.Exists(subjects, each => each.FindTests(approach).Count > 0)
            ? approach
            : throw new ConfigurationException(
                approach.File,
                0,
                "names no selftests: nothing would be verified (programs of workloads/selftests, without .c)"
            );
    }
}
