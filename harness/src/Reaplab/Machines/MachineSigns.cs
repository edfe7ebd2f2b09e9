// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>What the monitor sees at one moment. Times are since the machine's start.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Console">What the console gained since the last look.</param>
internal readonly record struct MachineSigns(TimeSpan Now, ReadOnlyMemory<byte> Console)
{
    /// <summary>QEMU's exit status; null while it runs.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What QEMU said on standard error.</summary>
    public string ErrorTail { get; init; } = "";

    /// <summary>True once the harness asked for the end.</summary>
    public bool StopRequested { get; init; }

    /// <summary>When the guest last answered over SSH; null before the first time.</summary>
    public TimeSpan? LastAnswer { get; init; }

    /// <summary>When the SSH connection was reported lost; null while it is not.</summary>
    public TimeSpan? SshLost { get; init; }
}
