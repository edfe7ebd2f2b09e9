// SPDX-License-Identifier: MIT
using System.CommandLine;
using System.CommandLine.Help;
using Reaplab.Cli.Commands;
using Reaplab.Foundation;

namespace Reaplab.Cli;

/// <summary>The program behind harness/reaplab: parses, runs one command, and turns failures into messages and exit codes.</summary>
public static class ReaplabProgram
{
    /// <summary>After Ctrl-C: stopping a machine and writing the report of what there is takes a few seconds.</summary>
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(60);

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The exit status, one of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        // Not a RootCommand: that one calls itself after the assembly, and users type reaplab.
        var root = new Command(
            "reaplab",
            "Measures how soon a killed process's memory is free, under each kernel proposal."
        )
        {
            new HelpOption(),
            new VersionOption(),
            DoctorCommand.Create(),
            ListCommand.Create(),
            BuildCommand.Create(),
            BootCommand.Create(),
            RunCommand.Create(),
            ReportCommand.Create(),
            VerifyCommand.Create(),
            CostCommand.Create(),
            TryCommand.Create(),
            CacheCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = InterruptGrace,
        };
        try
        {
            var status = await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? (int)ExitCode.Usage : status;
        }
        catch (ReaplabException exception)
        {
            Console.Error.WriteLine("reaplab: " + exception.Message);
            return (int)exception.ExitCode;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("reaplab: interrupted");
            return (int)ExitCode.Interrupted;
        }
        catch (IOException exception)
        {
            // A full disk, a read-only folder: the host's trouble.
            Console.Error.WriteLine("reaplab: " + DiskTrouble.Explain(exception));
            return (int)ExitCode.Infrastructure;
        }
    }
}
