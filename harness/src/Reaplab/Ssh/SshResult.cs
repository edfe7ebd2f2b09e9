// SPDX-License-Identifier: MIT

namespace Reaplab.Ssh;

/// <summary>How a command in the guest ended.</summary>
/// <param name="ExitCode">Its exit status; 128 + N where a signal ended it and the server told so.</param>
/// <param name="StandardOutput">All it wrote to standard output.</param>
/// <param name="StandardError">What it wrote to standard error, the last 4 KiB at least.</param>
public sealed record SshResult(int ExitCode, string StandardOutput, string StandardError);
