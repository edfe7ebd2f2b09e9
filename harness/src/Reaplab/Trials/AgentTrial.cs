// SPDX-License-Identifier: MIT
namespace Reaplab.Trials;

/// <summary>What the guest agent says of one trial; see <see cref="TrialRecord"/> for the meaning of the members.</summary>
public sealed record AgentTrial
{
    /// <summary>"ok", or why the scenario's condition was not reached.</summary>
    public required string Setup { get; init; }

    /// <summary>See <see cref="TrialRecord.HeldBytes"/>.</summary>
    public long? HeldBytes { get; init; }

    /// <summary>See <see cref="TrialRecord.LeftBytes"/>.</summary>
    public long? LeftBytes { get; init; }

    /// <summary>memory.current just before the kill.</summary>
    public long? T0Bytes { get; init; }

    /// <summary>See <see cref="TrialRecord.KillErrno"/>; null if the call was not made.</summary>
    public string? KillErrno { get; init; }

    /// <summary>See <see cref="TrialRecord.ReapErrno"/>; null if the method has none.</summary>
    public string? ReapErrno { get; init; }

    /// <summary>See <see cref="TrialRecord.KillCallNs"/>.</summary>
    public long? KillCallNs { get; init; }

    /// <summary>See <see cref="TrialRecord.ReapCallNs"/>.</summary>
    public long? ReapCallNs { get; init; }

    /// <summary>See <see cref="TrialRecord.ExitNs"/>.</summary>
    public long? ExitNs { get; init; }

    /// <summary>See <see cref="TrialRecord.LimitNs"/>.</summary>
    public long? LimitNs { get; init; }

    /// <summary>See <see cref="TrialRecord.WindowNs"/>.</summary>
    public long? WindowNs { get; init; }

    /// <summary>Time the agent itself spent on the request, nanoseconds: the rest of a round trip is the harness's cost.</summary>
    public long? ElapsedNs { get; init; }

    /// <summary>See <see cref="TrialRecord.DecisionNs"/>.</summary>
    public long? DecisionNs { get; init; }

    /// <summary>See <see cref="TrialRecord.UsableNs"/>.</summary>
    public long? UsableNs { get; init; }

    /// <summary>See <see cref="TrialRecord.CpuVictimNs"/>.</summary>
    public long? CpuVictimNs { get; init; }

    /// <summary>See <see cref="TrialRecord.CpuKillerNs"/>.</summary>
    public long? CpuKillerNs { get; init; }

    /// <summary>See <see cref="TrialRecord.CpuKthreadNs"/>.</summary>
    public long? CpuKthreadNs { get; init; }

    /// <summary>See <see cref="TrialRecord.TeardownBy"/>.</summary>
    public string? TeardownBy { get; init; }

    /// <summary>See <see cref="TrialRecord.SampleGapMaxNs"/>.</summary>
    public long? SampleGapMaxNs { get; init; }

    /// <summary>See <see cref="TrialRecord.Allocstall"/>.</summary>
    public long? Allocstall { get; init; }

    /// <summary>See <see cref="TrialRecord.PgscanDirect"/>.</summary>
    public long? PgscanDirect { get; init; }

    /// <summary>See <see cref="TrialRecord.OomKill"/>.</summary>
    public long? OomKill { get; init; }

    /// <summary>See <see cref="TrialRecord.Clocksource"/>.</summary>
    public required string Clocksource { get; init; }

    /// <summary>Why cleanup failed, where it did: the guest is not fit for another trial.</summary>
    public string? Error { get; init; }

    /// <summary>Changes of memory.current: time of the sample before, time of this one, bytes.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Samples { get; init; } = [];

    /// <summary>What only this scenario measures, by name.</summary>
    public IReadOnlyDictionary<string, AgentMeasure> Measures { get; init; } = new Dictionary<string, AgentMeasure>();
}
