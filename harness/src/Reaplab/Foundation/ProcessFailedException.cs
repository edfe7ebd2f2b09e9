// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>An external program failed, did not start or passed its limit; the message holds its command line and last output.</summary>
public sealed class ProcessFailedException : ReaplabException
{
    private const int LinesShown = 20;

    /// <summary>Creates the failure.</summary>
    /// <param name="request">What was run.</param>
    /// <param name="reason">How it failed, e.g. "exited with status 2".</param>
    /// <param name="output">What it printed; the last lines are shown.</param>
    /// <param name="exitCode">The status the program ends with if nobody handles the failure.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ProcessFailedException(
        ProcessRequest request,
        string reason,
        string output,
        ExitCode exitCode = Foundation.ExitCode.Infrastructure,
        Exception? innerException = null
    )
        : base(Compose(request, reason, output), exitCode, innerException) { }

    private static string Compose(ProcessRequest request, string reason, string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var tail = lines.TakeLast(LinesShown).Select(line => "    " + line.TrimEnd());
        var where = request.WorkingDirectory is null ? "" : $" (in {request.WorkingDirectory})";
        var log = request.LogFile is null ? "" : $"\n  whole output: {request.LogFile}";
        var shown = lines.Length == 0 ? "\n  it printed nothing" : "\n  its last output:\n" + string.Join('\n', tail);
        return $"command {reason}: {request.CommandLine}{where}{shown}{log}";
    }
}
