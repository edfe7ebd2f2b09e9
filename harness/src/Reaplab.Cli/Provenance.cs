// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Trials;

namespace Reaplab.Cli;

/// <summary>Writes down where a run's numbers come from, without telling whose machine it was unless asked.</summary>
internal static class Provenance
{
    internal static async Task<RunManifest> DescribeAsync(
        Catalog catalog,
        Experiment experiment,
        PreparedRun prepared,
        Workspace checkout,
        RunFolder folder,
        bool identify,
        CancellationToken cancellationToken
    )
    {
        var plan = experiment.Plan;
        var used = plan.Cells.Select(cell => cell.Method).ToHashSet(StringComparer.Ordinal);
        return new RunManifest
        {
            Run = Path.GetFileName(folder.Path),
            Plan = plan.Name,
            PlanHash = experiment.Hash,
            Seed = experiment.Seed,
            BlocksPlanned = plan.Blocks,
            Margin = plan.Margin,
            Started = DateTimeOffset.UtcNow,
            Harness = await HarnessVersionAsync(checkout, cancellationToken),
            Base = plan.Base,
            Accelerator = prepared.Accelerator.Accelerator.ToString().ToLowerInvariant(),
            AcceleratorReason = prepared.Accelerator.Reason,
            SshSession = $"{prepared.Run.Ssh.Name} ({prepared.Run.Ssh.Version})",
            Qemu = prepared.Qemu.Version,
            ImageHash = prepared.Run.Image.Hash,
            Kernels =
            [
                .. plan
                    .Approaches.Select(approach => prepared.Run.Kernels[approach])
                    .Select(kernel => new KernelManifest(
                        kernel.Approach,
                        catalog.Approaches.First(each => each.Name.Value == kernel.Approach).Title,
                        kernel.Hash,
                        kernel.ElfSignature,
                        kernel.SourceVersion,
                        kernel.SourceHash,
                        kernel.Compiler
                    )),
            ],
            Methods =
            [
                .. catalog
                    .Approaches.SelectMany(catalog.MethodsOf)
                    .DistinctBy(method => method.Name.Value)
                    .Where(method => used.Contains(method.Name.Value))
                    .Select(method => new MethodManifest(method.Name.Value, method.Reference ?? "", method.Summary)),
            ],
            Scenarios =
            [
                .. plan.Scenarios.Select(scenario => new ScenarioManifest(
                    scenario.Name,
                    scenario.Summary,
                    scenario.Purpose,
                    scenario.DecidedUnderEmulation,
                    scenario.Decide,
                    Duration.ToNanoseconds(scenario.Limit),
                    scenario.Trial.ContainsKey("usable_bytes")
                )),
            ],
            Host = DescribeHost(identify),
        };
    }

    internal static async Task<string> HarnessVersionAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0";
        try
        {
            var git = await ProcessRunner.RunCheckedAsync(
                new ProcessRequest(
                    "git",
                    ["-C", workspace.Root, "describe", "--always", "--dirty", "--abbrev=12"],
                    TimeSpan.FromSeconds(20)
                ),
                cancellationToken
            );
            return $"{version} ({git.StandardOutput.Trim()})";
        }
        catch (ProcessFailedException)
        {
            // A tarball of the project has no history to name.
            return $"{version} (no git history)";
        }
    }

    private static Dictionary<string, string> DescribeHost(bool identify)
    {
        var host = new Dictionary<string, string>
        {
            ["processor"] = FromCpuInfo("model name"),
            ["microcode"] = FromCpuInfo("microcode"),
            ["processors"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["memory_bytes"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes.ToString(CultureInfo.InvariantCulture),
            ["kernel"] = Read("/proc/sys/kernel/osrelease"),
            ["clocksource"] = Read("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
            ["transparent_hugepage"] = Read("/sys/kernel/mm/transparent_hugepage/enabled"),
            ["smt"] = Read("/sys/devices/system/cpu/smt/control"),
            ["boost"] = Read("/sys/devices/system/cpu/cpufreq/boost"),
            ["runtime"] = RuntimeInformation.FrameworkDescription,
        };
        if (identify)
        {
            host["name"] = Environment.MachineName;
            host["user"] = Environment.UserName;
        }

        return host;
    }

    private static string FromCpuInfo(string key) =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))
            ?.Split(':', 2)[1]
            .Trim()
        ?? "unknown";

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}
