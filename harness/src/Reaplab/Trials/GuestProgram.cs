// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Foundation;
using Reaplab.Machines;
using Reaplab.Ssh;

namespace Reaplab.Trials;

/// <summary>Runs a program in a guest and reads its lines as they come.</summary>
internal static class GuestProgram
{
    private const string EndMark = "reaplab-program-exit=";

    /// <summary>Runs a command of the guest's shell to its end.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="command">The command; its status is what is returned.</param>
    /// <param name="silence">Longest time without a line before the guest counts as hung.</param>
    /// <param name="onLine">Given each line of its output.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MachineEndedException">The guest crashed or hung.</exception>
    /// <exception cref="InfrastructureException">The connection closed early.</exception>
    public static async Task<int> RunAsync(
        Guest guest,
        string command,
        TimeSpan silence,
        Action<string> onLine,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var stream = await guest.Session.OpenStreamAsync(
                $"{command}; echo {EndMark}$?",
                silence,
                cancellationToken
            );
            while (await stream.ReadLineAsync(silence, cancellationToken) is { } line)
            {
                guest.Machine.NoteProgress();
                if (line.StartsWith(EndMark, StringComparison.Ordinal))
                {
                    return int.Parse(line[EndMark.Length..], CultureInfo.InvariantCulture);
                }

                onLine(line);
            }
        }
        catch (SshException)
        {
            guest.Machine.ReportLostSsh();
            throw new MachineEndedException(
                await guest.Machine.Ended.WaitAsync(silence, cancellationToken),
                guest.Machine.ConsolePath
            );
        }

        throw new InfrastructureException($"'{command}' ended without a status: the connection closed early");
    }
}
