// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>How an external program ended.</summary>
/// <param name="ExitCode">Its exit status; 128 + N where signal N ended it.</param>
/// <param name="StandardOutput">All it wrote to standard output.</param>
/// <param name="StandardError">All it wrote to standard error.</param>
/// <param name="Elapsed">Wall-clock time it took.</param>
public sealed record ProcessResult(int ExitCode, string StandardOutput, string StandardError, TimeSpan Elapsed);
