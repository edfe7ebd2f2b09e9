// SPDX-License-Identifier: MIT

using System.Globalization;

namespace Reaplab.Machines;

/// <summary>How long one vCPU's thread ran on the host, and how long it was ready to run but had to wait.</summary>
/// <param name="Cpu">The guest's CPU number.</param>
/// <param name="RunNanoseconds">Time on a host CPU since the machine's start.</param>
/// <param name="DelayNanoseconds">Time waited for a host CPU since the machine's start: what host noise costs the guest.</param>
public sealed record VcpuRunDelay(int Cpu, long RunNanoseconds, long DelayNanoseconds)
{
    private const string ThreadPrefix = "CPU ";

    /// <summary>Reads all vCPUs of a QEMU that names its threads, in order; empty where it is gone or the host keeps no schedstat.</summary>
    /// <param name="processId">QEMU's process id.</param>
    public static IReadOnlyList<VcpuRunDelay> Read(int processId)
    {
        var tasks = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task");
        if (!Directory.Exists(tasks))
        {
            return [];
        }

        return Directory
            .EnumerateDirectories(tasks)
            .Select(ReadThread)
            .OfType<VcpuRunDelay>()
            .OrderBy(delay => delay.Cpu)
            .ToList();
    }

    /// <summary>What was added between two readings of the same machine.</summary>
    /// <param name="before">The earlier reading.</param>
    /// <param name="after">The later reading.</param>
    public static IReadOnlyList<VcpuRunDelay> Between(
        IReadOnlyList<VcpuRunDelay> before,
        IReadOnlyList<VcpuRunDelay> after
    ) =>
        after
            .Join(
                before,
                later => later.Cpu,
                earlier => earlier.Cpu,
                (later, earlier) =>
                    new VcpuRunDelay(
                        later.Cpu,
                        later.RunNanoseconds - earlier.RunNanoseconds,
                        later.DelayNanoseconds - earlier.DelayNanoseconds
                    )
            )
            .ToList();

    /// <summary>A vCPU thread is named "CPU 0/TCG" or "CPU 0/KVM"; schedstat holds run time, delay and slices.</summary>
    private static VcpuRunDelay? ReadThread(string task)
    {
        try
        {
            var name = File.ReadAllText(Path.Combine(task, "comm")).Trim();
            if (
                !name.StartsWith(ThreadPrefix, StringComparison.Ordinal)
                || !name.Contains('/', StringComparison.Ordinal)
            )
            {
                return null;
            }

            var cpu = name[ThreadPrefix.Length..name.IndexOf('/', StringComparison.Ordinal)];
            var fields = File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ');
            return new VcpuRunDelay(
                int.Parse(cpu, CultureInfo.InvariantCulture),
                long.Parse(fields[0], CultureInfo.InvariantCulture),
                long.Parse(fields[1], CultureInfo.InvariantCulture)
            );
        }
        catch (IOException)
        {
            return null;
        }
    }
}
