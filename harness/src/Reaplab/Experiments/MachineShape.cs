// SPDX-License-Identifier: MIT
namespace Reaplab.Experiments;

/// <summary>The machine a scenario needs. Scenarios of one shape share a boot.</summary>
/// <param name="Cpus">Virtual CPUs.</param>
/// <param name="MemoryBytes">Guest memory in bytes.</param>
public sealed record MachineShape(int Cpus, long MemoryBytes);
