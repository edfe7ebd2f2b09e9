// SPDX-License-Identifier: MIT
using System.Globalization;
using CsvHelper;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Machines;

namespace Reaplab.Trials;

/// <summary>Boots kernels in a plan's order and runs the micro-benchmark in each; a boot's rows are on disk when it ends.</summary>
/// <param name="context">What the boots share.</param>
/// <param name="plan">The order.</param>
/// <param name="kernels">The kernels by identity.</param>
/// <param name="folder">Gets cost.csv and the consoles.</param>
public sealed class CostRunner(
    RunContext context,
    CostPlan plan,
    IReadOnlyDictionary<string, KernelBuild> kernels,
    string folder
)
{
    /// <summary>Name of the file with the rows.</summary>
    public const string FileName = "cost.csv";

    /// <summary>Rounds of a boot: their median is steady to a per cent, and they take seconds even under emulation.</summary>
    private const int Rounds = 60;

    /// <summary>As many as in a run: what three repeats of a boot don't cure will not go away in a fourth.</summary>
    private const int InfrastructureCap = 3;

    /// <summary>A round takes a tenth of a second under emulation; a minute without one is a hang even on a busy host.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(1);

    /// <summary>The smallest machine of the scenarios: two processors, and memory nobody has to reclaim.</summary>
    private static readonly MachineShape Shape = new(2, 1L << 30);

    /// <summary>Digits of a kernel's identity that rows carry.</summary>
    public const int KernelDigits = 12;

    /// <summary>Called before each boot with its block, its number in all, and the number of all.</summary>
    public Action<int, int, int>? OnBoot { get; init; }

    /// <summary>Runs all blocks.</summary>
    /// <param name="cancellationToken">Ends it; the rows of finished boots stay.</param>
    /// <exception cref="MachineEndedException">A kernel crashed or hung.</exception>
    /// <exception cref="InfrastructureException">The host failed, again after repeats.</exception>
    public async Task<IReadOnlyList<CostSample>> RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        using var writer = CsvWriter.ToFile(Path.Combine(folder, FileName), RunFolder.Csv);
        writer.WriteHeader<CostSample>();
        var samples = new List<CostSample>();
        var total = plan.Blocks.Sum(block => block.Count);
        var number = 0;
        foreach (var (order, block) in plan.Blocks.Select((each, index) => (each, index + 1)))
        {
            foreach (var (kernel, boot) in order.Select((each, index) => (kernels[each], index + 1)))
            {
                OnBoot?.Invoke(block, ++number, total);
                var rows = await BootAsync(kernel, block, boot, cancellationToken);
                writer.WriteRecords(rows);
                writer.Flush();
                samples.AddRange(rows);
            }
        }

        return samples;
    }

    private async Task<List<CostSample>> BootAsync(
        KernelBuild kernel,
        int block,
        int boot,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var directory = Path.Combine(folder, "console", $"block-{block:00}-{boot:00}-{kernel.Approach}-{attempt}");
            try
            {
                return await BootOnceAsync(kernel, block, boot, directory, cancellationToken);
            }
            catch (ReaplabException exception)
                when (exception.ExitCode == ExitCode.Infrastructure && attempt < InfrastructureCap)
            {
                // Again, with a console of its own.
            }
        }
    }

    private async Task<List<CostSample>> BootOnceAsync(
        KernelBuild kernel,
        int block,
        int boot,
        string directory,
        CancellationToken cancellationToken
    )
    {
        await using var guest = await Guest.StartAsync(context, kernel, Shape, directory, cancellationToken);
        var rows = new List<CostSample>();
        var unknown = new List<string>();
        var status = await GuestProgram.RunAsync(
            guest,
            string.Create(CultureInfo.InvariantCulture, $"/reaplab/cost {Rounds} 2>&1"),
            SilenceLimit,
            line =>
            {
                if (Parse(line) is { } row)
                {
                    rows.Add(
                        row with
                        {
                            Block = block,
                            Boot = boot,
                            Approach = kernel.Approach,
                            Kernel = kernel.Hash[..KernelDigits],
                        }
                    );
                }
                else
                {
                    unknown.Add(line);
                }
            },
            cancellationToken
        );
        return status == 0 && unknown.Count == 0
            ? rows
            : throw new ReaplabException(
                $"the micro-benchmark failed in the kernel of '{kernel.Approach}' with status {status}: "
                    + string.Join(' ', unknown.Take(3)),
                ExitCode.Regression
            );
    }

    /// <summary>Reads a line of the program, without where it comes from; null where it is none.</summary>
    internal static CostSample? Parse(string line) =>
        line.Split(' ') is [{ Length: > 0 } operation, var round, var nanoseconds, var count]
        && int.TryParse(round, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(nanoseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
        && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var many)
        && many > 0
            ? new CostSample(0, 0, "", "", operation, number, time, many)
            : null;
}
