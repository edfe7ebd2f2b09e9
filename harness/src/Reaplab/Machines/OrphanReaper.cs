// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Reaplab.Foundation;

namespace Reaplab.Machines;

/// <summary>
/// Ends machines whose harness was killed. The kernel kills them with the harness (PR_SET_PDEATHSIG), but not in the
/// moment between fork and that request, and not where setpriv is missing; and their sockets are left in any case.
/// </summary>
public static class OrphanReaper
{
    /// <summary>Where machines are written down.</summary>
    /// <param name="workspace">Names the cache.</param>
    public static string RecordDirectory(Workspace workspace) => Path.Combine(workspace.CacheDirectory, "machines");

    /// <summary>
    /// Kills the recorded machines whose harness is gone and removes what they left. Called once when the harness
    /// starts; machines of a harness that runs are left alone.
    /// </summary>
    /// <param name="recordDirectory">See <see cref="RecordDirectory"/>.</param>
    /// <returns>Process ids of the machines killed.</returns>
    public static IReadOnlyList<int> Reap(string recordDirectory)
    {
        List<int> killed = [];
        if (!Directory.Exists(recordDirectory))
        {
            return killed;
        }

        foreach (var file in Directory.EnumerateFiles(recordDirectory, "*.json"))
        {
            if (Read(file) is not { } record)
            {
                File.Delete(file);
            }
            else if (!record.Harness.IsRunning())
            {
                if (record.Machine.IsRunning() && IsOurs(record))
                {
                    Kill(record.Machine.Id);
                    killed.Add(record.Machine.Id);
                }

                Forget(file, record);
            }
        }

        return killed;
    }

    /// <summary>Writes a machine down.</summary>
    /// <param name="recordDirectory">Where; created if missing.</param>
    /// <param name="record">The machine.</param>
    /// <returns>The record's file, to be deleted with the machine.</returns>
    internal static string Write(string recordDirectory, MachineRecord record)
    {
        Directory.CreateDirectory(recordDirectory);
        var file = Path.Combine(
            recordDirectory,
            string.Create(CultureInfo.InvariantCulture, $"{record.Machine.Id}-{record.Machine.StartTicks}.json")
        );
        var unfinished = file + ".part";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(record));
        File.Move(unfinished, file, overwrite: true);
        return file;
    }

    private static MachineRecord? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<MachineRecord>(File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            // Half-written or removed by another harness that just did the same.
            return null;
        }
    }

    /// <summary>The last doubt: the process really is a QEMU with this machine's sockets.</summary>
    private static bool IsOurs(MachineRecord record)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{record.Machine.Id}/cmdline"))
                .Contains(record.SocketDirectory, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It ended in this moment.
        }
    }

    private static void Forget(string file, MachineRecord record)
    {
        if (Directory.Exists(record.SocketDirectory))
        {
            Directory.Delete(record.SocketDirectory, recursive: true);
        }

        File.Delete(file);
    }
}
