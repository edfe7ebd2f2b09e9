// SPDX-License-Identifier: MIT
using Reaplab.Kernels;
using Reaplab.Trials;
using Reaplab.Verification;

namespace Reaplab.Cli.Verifying;

/// <summary>Runs the tests of one approach in one kernel, and numbers and prints what becomes of them.</summary>
internal sealed class VerificationRun(
    RunContext context,
    KernelSelftestRunner? kernelSelftests,
    KernelBuild kernel,
    KernelBuild? stock,
    string folder,
    CancellationToken cancellationToken
)
{
    /// <summary>Approach and flavour, as kept files are called.</summary>
    private readonly string label = Path.GetFileName(folder);

    private int number;

    internal async Task<IReadOnlyList<SelftestReport>> RunSelftestsAsync(IReadOnlyList<string> tests)
    {
        var selftest = new Selftest(context, folder);
        var reports = new List<SelftestReport>();
        foreach (var test in tests)
        {
            reports.Add(await selftest.RunAsync(kernel, test, Show, cancellationToken));
            Take(reports[^1], selftest.Console, "");
        }

        return reports;
    }

    internal async Task<IReadOnlyList<SelftestReport>> RunKernelSelftestsAsync(IReadOnlyList<string> tests)
    {
        var reports = new List<SelftestReport>();
        foreach (var test in tests)
        {
            var comparison = await kernelSelftests!.RunAsync(stock!, kernel, test, Show, cancellationToken);
            foreach (var remark in comparison.Remarks)
            {
                Ktap.Line(1, "# " + remark);
            }

            reports.Add(comparison.Report);
            Take(reports[^1], kernelSelftests!.Console, "");
        }

        return reports;
    }

    internal async Task<IReadOnlyList<SelftestReport>> StressAsync(IReadOnlyList<string> races, TimeSpan time)
    {
        var selftest = new Selftest(context, Path.Combine(folder, "stress"));
        var stress = new StressRunner(selftest, time, races.Count);
        var reports = new List<SelftestReport>();
        foreach (var race in races)
        {
            reports.Add(await stress.RunAsync(kernel, race, Show, cancellationToken));
            Take(reports[^1], selftest.Console, "-stress");
        }

        Ktap.Line(1, $"# raced for {reports.Sum(report => report.Duration.TotalSeconds):0} s");
        return reports;
    }

    internal async Task<IReadOnlyList<SelftestReport>> HuntLeaksAsync(IReadOnlyList<string> tests)
    {
        var hunt = new LeakHunt(context, Path.Combine(folder, "leaks"));
        var reports = await hunt.RunAsync(
            kernel,
            tests,
            Show,
            report => Take(report, hunt.Console, "-leaks"),
            cancellationToken
        );
        if (KeptConsole.SaveLeaks(context.Workspace, hunt.Found, label) is { } kept)
        {
            Ktap.Line(1, $"# all that kmemleak reported: {kept}");
        }

        return reports;
    }

    private static void Show(string line) => Ktap.Line(2, line);

    private void Take(SelftestReport report, string? console, string pass)
    {
        Ktap.Result(1, ++number, report);
        var name = $"{label}-{report.Selftest.Replace('/', '-')}{pass}";
        if (!report.IsWell && KeptConsole.Save(context.Workspace, console, name) is { } kept)
        {
            Ktap.Line(1, $"# console: {kept}");
        }
    }
}
