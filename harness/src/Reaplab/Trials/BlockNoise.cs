// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Machines;

namespace Reaplab.Trials;

/// <summary>What disturbed a block, as the manifest keeps it.</summary>
internal static class BlockNoise
{
    /// <summary>State after the block, and growth of the counters over it.</summary>
    internal static IReadOnlyDictionary<string, string> Describe(HostNoise before, HostNoise after)
    {
        var noise = new Dictionary<string, string>();
        Add("load_average_before", before.LoadAverage);
        Add("load_average_after", after.LoadAverage);
        Add("psi_cpu_us", HostNoise.Growth(before.CpuPressureMicroseconds, after.CpuPressureMicroseconds));
        Add("psi_memory_us", HostNoise.Growth(before.MemoryPressureMicroseconds, after.MemoryPressureMicroseconds));
        Add("psi_io_us", HostNoise.Growth(before.IoPressureMicroseconds, after.IoPressureMicroseconds));
        Add("steal_ticks", HostNoise.Growth(before.StealTicks, after.StealTicks));
        Add("all_ticks", HostNoise.Growth(before.AllTicks, after.AllTicks));
        Add("governor", after.Governor);
        Add("ksm_running", after.KsmRunning);
        Add("zswap_enabled", after.ZswapEnabled);
        Add("nested", after.Nested);
        return noise;

        void Add(string name, object? value) =>
            noise[name] = Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text
                ? text
                : "unknown";
    }
}
