// SPDX-License-Identifier: MIT
using Reaplab.Kernels;

namespace Reaplab.Verification;

/// <summary>Runs an approach's races for a stated time, each program in boots of its own.</summary>
/// <param name="selftest">Runs the programs.</param>
/// <param name="wanted">How long they race together, at least.</param>
/// <param name="programs">How many programs there are.</param>
public sealed class StressRunner(Selftest selftest, TimeSpan wanted, int programs)
{
    private readonly StressTime time = new(wanted, programs);

    /// <summary>Runs one program until its share of the time is over.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="name">The program.</param>
    /// <param name="onLine">Given each line of its output.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What became of it, and how long it raced.</returns>
    public async Task<SelftestReport> RunAsync(
        KernelBuild kernel,
        string name,
        Action<string> onLine,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(onLine);
        var share = time.TakeShare();
        var spent = TimeSpan.Zero;
        SelftestReport report;
        do
        {
            // A program whose last cases were skipped ends early: what it left is raced in another boot.
            onLine($"# to race for {Math.Ceiling((share - spent).TotalSeconds)} s");
            report = await selftest.RunAsync(kernel, name, share - spent, onLine, cancellationToken);
            spent += report.Duration;
            time.Add(report.Duration);
        } while (report.Outcome == SelftestOutcome.Passed && spent < share);

        // Well elsewhere, where the kernel lacks what it needs. Here it was named as a race of just this kernel.
        return report.Outcome == SelftestOutcome.Skipped
            ? report with
            {
                Outcome = SelftestOutcome.Failed,
                Detail = "skipped, so nothing has raced",
            }
            : report with
            {
                Duration = spent,
            };
    }
}
