// SPDX-License-Identifier: MIT

using System.Globalization;

namespace Reaplab.Machines;

/// <summary>A process beyond doubt: ids are reused, an id with its start time is not.</summary>
/// <param name="Id">Process id.</param>
/// <param name="StartTicks">Start time in clock ticks since boot, as in /proc/PID/stat.</param>
/// <param name="BootId">The boot of the host the ticks count from.</param>
public sealed record ProcessIdentity(int Id, long StartTicks, string BootId)
{
    /// <summary>Position of starttime in /proc/PID/stat, counted from the field after the command's closing parenthesis.</summary>
    private const int StartTimeIndex = 19;

    /// <summary>The identity of a running process, or null where none has this id.</summary>
    /// <param name="id">Process id.</param>
    public static ProcessIdentity? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            // The command may hold spaces and parentheses; its last parenthesis ends it.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var isZombie = fields[0] is "Z" or "X";
            return isZombie
                ? null
                : new ProcessIdentity(
                    id,
                    long.Parse(fields[StartTimeIndex], CultureInfo.InvariantCulture),
                    File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>True while this very process runs.</summary>
    public bool IsRunning() => Read(Id) == this;
}
