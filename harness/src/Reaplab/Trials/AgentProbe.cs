// SPDX-License-Identifier: MIT
using System.Text.Json.Serialization;

namespace Reaplab.Trials;

/// <summary>What the guest agent says of the guest.</summary>
public sealed record AgentProbe
{
    /// <summary>Protocol the agent speaks.</summary>
    public required int Protocol { get; init; }

    /// <summary>Release of the running kernel.</summary>
    public required string Kernel { get; init; }

    /// <summary>Each method compiled into the agent: "0" if the kernel has its call, else the probe's errno by name.</summary>
    public required IReadOnlyDictionary<string, string> Methods { get; init; }

    /// <summary>The clocksource in use.</summary>
    public required string Clocksource { get; init; }

    /// <summary>Smallest step seen of CLOCK_MONOTONIC, nanoseconds.</summary>
    public required long ClockStepNs { get; init; }

    /// <summary>Longest of ten sleeps of 100 µs, nanoseconds.</summary>
    [JsonPropertyName("sleep_100us_ns")]
    public required long ShortSleepNs { get; init; }

    /// <summary>Guest memory in bytes.</summary>
    public required long MemoryBytes { get; init; }
}
