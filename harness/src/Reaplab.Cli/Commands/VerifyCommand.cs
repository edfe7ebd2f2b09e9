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

    private const string NoRaces =
        "adds kernel code and names nothing that races: say which of its selftests do under 'races', or 'races: []' of code "
        + "that never runs";

    internal static Command Create()
    {
        var command = new Command("verify", "Run approaches' functional tests in their booted kernels")
        {
            VerifyOptions.Approaches,
            VerifyOptions.Timing,
            VerifyOptions.Both,
            VerifyOptions.Stress,
            VerifyOptions.Leaks,
            VerifyOptions.Stacked,
            VerifyOptions.Record,
            VerifyOptions.Only,
            VerifyOptions.Again,
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
        var flavours = VerifyOptions.FindFlavours(parsed);
        var subjects = VerifyOptions.FindSubjects(parsed, catalog.Workspace);
        var names = parsed.GetValue(VerifyOptions.Approaches)!;
        var isAll = names.Contains(All, StringComparer.Ordinal);
        var approaches = isAll
            ? [.. subjects.SelectMany(each => each.All).DistinctBy(each => each.Name.Value)]
            : names.Select(name => Load(catalog, subjects, name)).ToList();
        var record = parsed.GetValue(VerifyOptions.Record);
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
        var preparation = new Preparation(catalog, parsed, display);
        var verifier = new ApproachVerifier(catalog, preparation, display, scratch.Path);
        var isResumed = isAll && !ownTree && !parsed.GetValue(VerifyOptions.Again);
        var worst = ExitCode.Success;
        var kernels = parsed.GetValue(VerifyOptions.Stacked)
            ? await StackedKernels.FindAsync(preparation, display, approaches, cancellationToken)
            : StackedKernels.None;
        var jobs = flavours
            .SelectMany(flavour =>
                kernels.Sort(approaches, flavour).Select(approach => (Approach: approach, Flavour: flavour))
            )
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

            var (code, why) = await VerifyKindsAsync(job.Approach, job.Flavour, open);
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
            foreach (var subject in subjects.Where(each => each.IsSubject(approach)))
            {
                if (!isResumed || await subject.FindRecordedAsync(approach, flavour, cancellationToken) is null)
                {
                    open.Add(subject);
                }
            }

            return open;
        }

        async Task<(ExitCode Code, string Why)> VerifyKindsAsync(
            ApproachDefinition approach,
            KernelFlavour flavour,
            IReadOnlyList<VerificationSubjects> open
        )
        {
            Ktap.Line(1, $"# Subtest: {approach.Name}");
            var some = open.Where(each => each.FindTests(approach).Count > 0).ToList();
            var verdicts = new List<(ExitCode Code, string Why)>();
            if (some.Count < open.Count)
            {
                verdicts.Add((ExitCode.Regression, NoRaces));
                Console.Error.WriteLine($"reaplab: {approach.File}: {NoRaces}");
            }

            if (some.Count > 0)
            {
                verdicts.AddRange(await VerifyAsync(approach, flavour, some));
            }

            return verdicts.Aggregate((one, other) => Worse(one.Code, other.Code) == one.Code ? one : other);
        }

        async Task<IEnumerable<(ExitCode Code, string Why)>> VerifyAsync(
            ApproachDefinition approach,
            KernelFlavour flavour,
            IReadOnlyList<VerificationSubjects> some
        )
        {
            try
            {
                var (kernel, reports) = await verifier.RunAsync(
                    approach,
                    kernels.Of(approach, flavour),
                    flavour,
                    some,
                    cancellationToken
                );
                if (record)
                {
                    foreach (
                        var (subject, each) in some.Zip(reports)
                            .Where(pair => Judge(pair.Second).Code == ExitCode.Success)
                    )
                    {
                        subject.Record(approach, kernel, each);
                    }
                }

                // Each kind by itself: the kernel's own tests don't make up for an approach whose tests were all skipped.
                return reports.Select(Judge);
            }
            catch (ReaplabException exception)
            {
                // One approach that does not build must not keep the others from being verified.
                Console.Error.WriteLine("reaplab: " + exception.Message);
                if (exception.ExitCode == ExitCode.Usage && KernelStack.IsStack(kernels.Of(approach, flavour)))
                {
                    Console.Error.WriteLine(
                        "reaplab: those series apply on top of each other, but they share a kernel only with --stacked; 'alone: why' in "
                            + "the approach.yaml of one keeps it apart from the others"
                    );
                }

                return [(exception.ExitCode, exception.Message.Split('\n')[0])];
            }
        }
    }

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

    private static ApproachDefinition Load(Catalog catalog, IReadOnlyList<VerificationSubjects> subjects, string name)
    {
        var approach = ApproachDefinition.Load(catalog.Workspace, name);
        return subjects.Any(each => each.IsSubject(approach))
            ? approach
            : throw new ConfigurationException(
                approach.File,
                0,
                subjects.Any(each => each.Kind == VerificationKind.Stress)
                    ? "adds no kernel code that runs: there is nothing to stress"
                    : "names no selftests: nothing would be verified (programs of workloads/selftests, without .c)"
            );
    }
}
