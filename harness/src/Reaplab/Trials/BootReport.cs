// SPDX-License-Identifier: MIT
namespace Reaplab.Trials;

/// <summary>What a boot of a block says besides its rows; filled while it runs.</summary>
public sealed class BootReport
{
    /// <summary>Boot to first SSH command, per boot.</summary>
    public List<TimeSpan> BootTimes { get; } = [];

    /// <summary>Boots repeated because host, QEMU or SSH failed.</summary>
    public int InfrastructureRepeats { get; set; }

    /// <summary>Boots ended by a crash or hang of the kernel under test.</summary>
    public int KernelFaults { get; set; }

    /// <summary>Time QEMU's virtual CPUs were runnable but waited for a host CPU.</summary>
    public long RunDelayNs { get; set; }

    /// <summary>Time the harness took beyond the agent's own, over all trials.</summary>
    public TimeSpan HarnessTime { get; set; }

    /// <summary>Trials that <see cref="HarnessTime"/> covers.</summary>
    public int Trials { get; set; }
}
