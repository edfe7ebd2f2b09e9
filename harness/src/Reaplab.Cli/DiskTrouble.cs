// SPDX-License-Identifier: MIT
namespace Reaplab.Cli;

/// <summary>Says what to do after the host could not read or write a file.</summary>
internal static class DiskTrouble
{
    /// <summary>ENOSPC of errno.h, which .NET leaves in the lower half of the exception's HResult on Linux.</summary>
    private const int NoSpace = 28;

    /// <summary>ERROR_DISK_FULL, which .NET gives instead where it reserves a new file's space beforehand.</summary>
    private const int DiskFull = 112;

    /// <summary>The message for a user.</summary>
    /// <param name="exception">It names the file.</param>
    public static string Explain(IOException exception) =>
        (exception.HResult & 0xffff) is NoSpace or DiskFull
            ? exception.Message.TrimEnd('.')
                + "\nFree some space ('df -h' and 'harness/reaplab cache --prune' help). Rows written so far are kept: "
                + "'harness/reaplab report' makes tables and plots of them."
            : exception.Message;
}
