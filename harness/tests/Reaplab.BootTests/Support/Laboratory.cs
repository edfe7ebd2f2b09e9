// SPDX-License-Identifier: MIT
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Images;
using Reaplab.Kernels;
using Reaplab.Machines;
using Reaplab.Ssh;
using Reaplab.Trials;

namespace Reaplab.BootTests.Support;

/// <summary>Real kernels, a real image and a folder for one test's run.</summary>
internal sealed class Laboratory : IDisposable
{
    private readonly string directory;

    private Laboratory(string folder, RunContext context)
    {
        directory = folder;
        Context = context;
    }

    public RunContext Context { get; }

    public static Workspace Workspace { get; } = Foundation.Workspace.Find(AppContext.BaseDirectory);

    public RunFolder Run => new(Path.Combine(directory, "run"));

    public static Task<Laboratory> OpenAsync(params string[] approaches) => OpenAsync(KernelFlavour.Timing, approaches);

    public static async Task<Laboratory> OpenAsync(KernelFlavour flavour, params string[] approaches)
    {
        var kernels = await new KernelBuilder(Workspace).BuildAsync(
            approaches,
            "6.12",
            flavour,
            KernelBuildOptions.Default,
            new Silence(),
            default
        );
        var folder = Directory.CreateTempSubdirectory("reaplab-boot-").FullName;
        var disk = Path.Combine(folder, "disk.ext4");
        await DiskImage.CreateAsync(disk, DiskImage.DefaultBytes, default);
        return new Laboratory(
            folder,
            new RunContext
            {
                Workspace = Workspace,
                Kernels = kernels.ToDictionary(kernel => kernel.Approach),
                Image = await new ImageBuilder(Workspace).BuildAsync(new Silence(), default),
                Credentials = await RunCredentials.CreateAsync(Path.Combine(folder, "keys"), default),
                Accelerator = Accelerator.Tcg,
                Ssh = SshSessionFactories.Choose(Workspace, null),
                DiskTemplate = disk,
            }
        );
    }

    /// <summary>A runner for cells of stock's kernel, one block, given as method, trials.</summary>
    public ExperimentRunner Runner(Action<RunProgress>? onProgress, params (string Method, int Trials)[] cells)
    {
        var scenario = ScenarioDefinition.LoadAll(Workspace)["idle"];
        var slot = 0;
        var planned = cells.Select(cell => new PlannedCell("stock", cell.Method, scenario, cell.Trials, 0, 1)).ToList();
        var plan = new PlanDefinition
        {
            Name = "test",
            Summary = "",
            Base = "6.12",
            Blocks = 1,
            Margin = 1.1,
            Cells = planned,
        };
        var boot = new Boot(
            "stock",
            scenario.Machine,
            [
                .. planned.Select(cell => new Cell(
                    cell.Approach,
                    cell.Method,
                    cell.Scenario,
                    [
                        .. Enumerable
                            .Range(1, cell.Trials)
                            .Select(trial => new TrialSlot(++slot, trial, trial == 1, Observer: true)),
                    ]
                )),
            ]
        );
        var experiment = new Experiment(plan, 1, new string('0', 64), [new Block(1, [boot])]);
        return new ExperimentRunner(Context, experiment, Run, Manifest(scenario)) { OnProgress = onProgress };
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private RunManifest Manifest(ScenarioDefinition scenario) =>
        new()
        {
            Run = "test",
            Plan = "test",
            PlanHash = new string('0', 64),
            Seed = 1,
            BlocksPlanned = 1,
            Margin = 1.1,
            Started = DateTimeOffset.UtcNow,
            Harness = "test",
            Base = "6.12",
            Accelerator = "tcg",
            AcceleratorReason = "test",
            SshSession = Context.Ssh.Name,
            Qemu = "test",
            ImageHash = Context.Image.Hash,
            Kernels =
            [
                .. Context.Kernels.Values.Select(kernel => new KernelManifest(
                    kernel.Approach,
                    "",
                    kernel.Hash,
                    kernel.ElfSignature,
                    kernel.SourceVersion,
                    kernel.SourceHash,
                    kernel.Compiler
                )),
            ],
            Methods = [new MethodManifest("kill", "", "")],
            Scenarios =
            [
                new ScenarioManifest(
                    scenario.Name,
                    "",
                    "",
                    scenario.DecidedUnderEmulation,
                    scenario.Decide,
                    Duration.ToNanoseconds(scenario.Limit)
                ),
            ],
            Host = new Dictionary<string, string>(),
        };
}
