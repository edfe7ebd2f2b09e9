// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Foundation;
using Reaplab.Trials;
using Spectre.Console;

namespace Reaplab.Cli.Display;

/// <summary>
/// Shows progress on standard error: one live line on a terminal, plain lines elsewhere; standard output stays free for
/// results.
/// </summary>
internal sealed class ConsoleDisplay : IStageProgress
{
    /// <summary>Plain lines are for logs: often enough to see life, rare enough to read.</summary>
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    private readonly IAnsiConsole console = AnsiConsole.Create(
        new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }
    );

    private readonly Lock gate = new();
    private StatusContext? live;
    private string lastStage = "";
    private DateTime nextPlainLine = DateTime.MinValue;

    /// <summary>Runs work with the live line shown, where there is a terminal.</summary>
    /// <param name="work">The work.</param>
    internal async Task<T> ShowAsync<T>(Func<Task<T>> work)
    {
        if (!console.Profile.Capabilities.Interactive || Console.IsErrorRedirected)
        {
            return await work();
        }

        return await console
            .Status()
            .Spinner(Spinner.Known.Line)
            .StartAsync(
                "starting",
                async context =>
                {
                    live = context;
                    try
                    {
                        return await work();
                    }
                    finally
                    {
                        live = null;
                    }
                }
            );
    }

    /// <inheritdoc/>
    public void Report(StageState state)
    {
        var count = state.Total > 0 ? string.Create(CultureInfo.InvariantCulture, $" {state.Done}/{state.Total}") : "";
        var text = $"{state.Stage}{count} {state.Detail}".TrimEnd();
        Update(state.Stage, text, state.Finished);
    }

    /// <summary>Shows how far a run is.</summary>
    /// <param name="progress">How far.</param>
    internal void Report(RunProgress progress)
    {
        var left = progress.Remaining is { } remaining ? $", about {Readable(remaining)} left" : "";
        Update(
            $"block {progress.Block}/{progress.Blocks}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"block {progress.Block}/{progress.Blocks}, trial {progress.Trial + 1}/{progress.Trials}, {progress.Approach} {progress.Cell}{left}"
            ),
            keep: false
        );
    }

    /// <summary>Writes a line that stays, on standard error.</summary>
    /// <param name="text">The line.</param>
    internal void Line(string text)
    {
        lock (gate)
        {
            if (live is null)
            {
                Console.Error.WriteLine(text);
            }
            else
            {
                console.WriteLine(text);
            }
        }
    }

    private static string Readable(TimeSpan time) =>
        time.TotalMinutes >= 2
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");

    private void Update(string stage, string text, bool keep)
    {
        lock (gate)
        {
            if (live is not null)
            {
                live.Status(Markup.Escape(text));
                if (keep)
                {
                    console.WriteLine(text);
                }

                return;
            }

            if (keep || stage != lastStage || DateTime.UtcNow >= nextPlainLine)
            {
                Console.Error.WriteLine(text);
                lastStage = stage;
                nextPlainLine = DateTime.UtcNow + PlainInterval;
            }
        }
    }
}
