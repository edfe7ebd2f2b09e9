// SPDX-License-Identifier: MIT
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Kernels;
using Reaplab.Machines;
using Reaplab.Trials;

namespace Reaplab.Verification;

/// <summary>Runs the guest's KTAP programs, each in a boot of its own: a warn-once or a leaked freeze of one must not colour the next.</summary>
/// <param name="context">What the boots share.</param>
/// <param name="directory">Folder for the consoles, one below it per program.</param>
/// <param name="programs">Folder of the guest that holds the programs.</param>
public sealed class Selftest(RunContext context, string directory, string programs = Selftest.OwnPrograms)
{
    /// <summary>Where the image holds the programs of workloads/selftests.</summary>
    internal const string OwnPrograms = "/reaplab/selftests";

    /// <summary>Trouble of the host that a second repeat does not cure will not go away in a third.</summary>
    internal const int Attempts = 3;

    /// <summary>The guest of every test; those that need more pressure make it themselves.</summary>
    internal static MachineShape Shape { get; } = new(2, 1L << 30);

    /// <summary>The console of the last boot; null before the first.</summary>
    public string? Console { get; private set; }

    /// <summary>Boots a kernel, runs a program in it and looks at what the kernel had to say.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="name">The program, relative to its folder.</param>
    /// <param name="onLine">Given each line of its output; of a repeat, too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<SelftestReport> RunAsync(
        KernelBuild kernel,
        string name,
        Action<string> onLine,
        CancellationToken cancellationToken
    ) => RunAsync(kernel, name, TimeSpan.Zero, onLine, cancellationToken);

    /// <summary>The same with cases that are repeated.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="name">The program, relative to its folder.</param>
    /// <param name="raceTime">The program's cases together last at least that long; zero for each once.</param>
    /// <param name="onLine">Given each line of its output; of a repeat, too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SelftestReport> RunAsync(
        KernelBuild kernel,
        string name,
        TimeSpan raceTime,
        Action<string> onLine,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var folder = Path.Combine(directory, $"{name.Replace('/', '-')}-{attempt}");
                Console = Path.Combine(folder, "console.log");
                await using var guest = await Guest.StartAsync(context, kernel, Shape, folder, cancellationToken);
                return await SelftestProgram.RunAsync(
                    guest,
                    $"{programs}/{name}",
                    name,
                    raceTime,
                    onLine,
                    cancellationToken
                );
            }
            catch (MachineEndedException exception) when (exception.End.IsKernelFault)
            {
                return new SelftestReport(name, SelftestOutcome.Crashed, exception.End.Title);
            }
            catch (ReaplabException exception) when (exception.ExitCode == ExitCode.Infrastructure)
            {
                if (attempt == Attempts)
                {
                    return new SelftestReport(name, SelftestOutcome.HostTrouble, exception.Message);
                }

                onLine($"# host trouble, trying again: {exception.Message.Split('\n')[0]}");
            }
        }
    }
}
