// SPDX-License-Identifier: MIT

using System.Globalization;

namespace Reaplab.Machines;

/// <summary>
/// What on the host disturbs a measurement, at one moment; counters count since the host's boot. Values the host does not
/// publish are null.
/// </summary>
public sealed record HostNoise
{
    /// <summary>Tasks running or waiting to, averaged over a minute.</summary>
    public double? LoadAverage { get; init; }

    /// <summary>Total time some task waited for a CPU, in microseconds (PSI).</summary>
    public long? CpuPressureMicroseconds { get; init; }

    /// <summary>Total time some task waited for memory, in microseconds (PSI).</summary>
    public long? MemoryPressureMicroseconds { get; init; }

    /// <summary>Total time some task waited for a disk, in microseconds (PSI).</summary>
    public long? IoPressureMicroseconds { get; init; }

    /// <summary>Time a hypervisor under this host took from it, in clock ticks summed over CPUs.</summary>
    public long? StealTicks { get; init; }

    /// <summary>All time, in clock ticks summed over CPUs; the measure for <see cref="StealTicks"/>.</summary>
    public long? AllTicks { get; init; }

    /// <summary>Frequency governors in use, e.g. "performance"; null where the host has no say.</summary>
    public string? Governor { get; init; }

    /// <summary>Whether same-page merging runs: it would unmap guest memory behind the guest's back.</summary>
    public bool? KsmRunning { get; init; }

    /// <summary>Whether the host compresses pages instead of swapping them.</summary>
    public bool? ZswapEnabled { get; init; }

    /// <summary>Whether the host is itself a guest.</summary>
    public bool? Nested { get; init; }

    /// <summary>Reads everything; takes about a millisecond.</summary>
    public static HostNoise Capture()
    {
        // user nice system idle iowait irq softirq steal guest guest_nice; guest is contained in user.
        var ticks = ReadLine("/proc/stat")
            ?.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Take(8)
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture))
            .ToArray();
        return new HostNoise
        {
            LoadAverage = ReadLine("/proc/loadavg") is { } load
                ? double.Parse(load.Split(' ')[0], CultureInfo.InvariantCulture)
                : null,
            CpuPressureMicroseconds = ReadPressure("cpu"),
            MemoryPressureMicroseconds = ReadPressure("memory"),
            IoPressureMicroseconds = ReadPressure("io"),
            StealTicks = ticks is { Length: 8 } ? ticks[7] : null,
            AllTicks = ticks?.Sum(),
            Governor = ReadGovernors(),
            KsmRunning = ReadLine("/sys/kernel/mm/ksm/run") is { } ksm ? ksm == "1" : null,
            ZswapEnabled = ReadLine("/sys/module/zswap/parameters/enabled") is { } zswap ? zswap == "Y" : null,
            Nested = ReadNested(),
        };
    }

    /// <summary>The growth of a counter between two captures, or null where one lacks it.</summary>
    /// <param name="before">The earlier value.</param>
    /// <param name="after">The later value.</param>
    public static long? Growth(long? before, long? after) => after - before;

    private static long? ReadPressure(string resource)
    {
        // some avg10=0.00 avg60=0.00 avg300=0.00 total=123
        var line = ReadLine("/proc/pressure/" + resource);
        return line is not null && line.LastIndexOf("total=", StringComparison.Ordinal) is > 0 and var at
            ? long.Parse(line[(at + "total=".Length)..], CultureInfo.InvariantCulture)
            : null;
    }

    private static string? ReadGovernors()
    {
        const string Cpus = "/sys/devices/system/cpu";
        var governors = Directory.Exists(Cpus)
            ? Directory
                .EnumerateDirectories(Cpus, "cpu*")
                .Select(cpu => ReadLine(Path.Combine(cpu, "cpufreq", "scaling_governor")))
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .ToList()
            : [];
        return governors.Count == 0 ? null : string.Join('+', governors);
    }

    private static bool? ReadNested()
    {
        try
        {
            return File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))
                ?.Split(' ')
                .Contains("hypervisor", StringComparer.Ordinal);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? ReadLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault()?.Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // PSI may be compiled in and switched off: opening works, reading does not.
            return null;
        }
    }
}
