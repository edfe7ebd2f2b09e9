// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Foundation;

namespace Reaplab.Experiments;

/// <summary>A scenario: the condition of system and victim in which methods are compared.</summary>
public sealed record ScenarioDefinition
{
    /// <summary>Name, the file's own.</summary>
    public required string Name { get; init; }

    /// <summary>One line for tables.</summary>
    public required string Summary { get; init; }

    /// <summary>What it shows and what it cannot show.</summary>
    public required string Purpose { get; init; }

    /// <summary>The machine it needs.</summary>
    public required MachineShape Machine { get; init; }

    /// <summary>The agent's words for the condition of the system, set up once per boot; empty for none.</summary>
    public required IReadOnlyDictionary<string, string> Background { get; init; }

    /// <summary>The agent's words for one trial, without method and observer.</summary>
    public required IReadOnlyDictionary<string, string> Trial { get; init; }

    /// <summary>Bytes the victim is asked to hold; a trial that held less than 90 % of it is bad-setup. 0 where no memory is measured.</summary>
    public required long VictimBytes { get; init; }

    /// <summary>True where the measure is the time from the decision to kill to the kill, not the freeing.</summary>
    public required bool Decide { get; init; }

    /// <summary>Time limit of a trial's window.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>False where emulation cannot decide: locks, TLB shootdown, zeroing, cache, layout.</summary>
    public required bool DecidedUnderEmulation { get; init; }

    /// <summary>Reads a scenario file.</summary>
    /// <param name="file">A file of workloads/scenarios.</param>
    /// <exception cref="ConfigurationException">It is not a scenario.</exception>
    public static ScenarioDefinition Load(string file)
    {
        var read = YamlFile.Load<ScenarioFile>(file);
        if (read.Name.Value != Path.GetFileNameWithoutExtension(file))
        {
            throw new ConfigurationException(
                file,
                read.Name.Line,
                $"the scenario calls itself '{read.Name.Value}'; name and file name must agree"
            );
        }

        var trial = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in AgentWords.ReadVictim(file, read.Victim))
        {
            trial[key] = value;
        }

        foreach (var (role, cpu) in AgentWords.ReadCpus(file, read.Cpus))
        {
            if (int.Parse(cpu, CultureInfo.InvariantCulture) >= read.Machine.Cpus)
            {
                throw new ConfigurationException(
                    file,
                    read.Cpus[role].Line,
                    $"{role} is put on CPU {cpu}, but the machine has {read.Machine.Cpus} (numbered from 0)"
                );
            }

            trial[role + "_cpu"] = cpu;
        }

        foreach (var (key, value) in AgentWords.ReadKiller(file, read.Killer))
        {
            trial["killer_" + key] = value;
        }

        if (read.Usable is { } usable)
        {
            trial["usable_bytes"] = Size(file, usable).ToString(CultureInfo.InvariantCulture);
        }

        if (read.Decide)
        {
            trial["decide"] = "1";
        }

        trial["limit_ns"] = Nanoseconds(read.Limit);
        if (read.ExitLimit is { } exitLimit)
        {
            trial["exit_limit_ns"] = Nanoseconds(exitLimit);
        }

        return new ScenarioDefinition
        {
            Name = read.Name.Value,
            Summary = read.Summary,
            Purpose = read.Purpose,
            Machine = new MachineShape(read.Machine.Cpus, Size(file, read.Machine.Memory)),
            Background = AgentWords.ReadBackground(file, read.Background),
            Trial = trial,
            VictimBytes = trial.TryGetValue("bytes", out var bytes)
                ? long.Parse(bytes, CultureInfo.InvariantCulture)
                : 0,
            Decide = read.Decide,
            Limit = read.Limit,
            DecidedUnderEmulation = read.DecidedUnderEmulation,
        };
    }

    /// <summary>All scenarios of a checkout, by name.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <exception cref="ConfigurationException">One of them is not a scenario.</exception>
    public static IReadOnlyDictionary<string, ScenarioDefinition> LoadAll(Workspace workspace) =>
        Directory
            .EnumerateFiles(Path.Combine(workspace.Workloads, "scenarios"), "*.yaml")
            .Order(StringComparer.Ordinal)
            .Select(Load)
            .ToDictionary(scenario => scenario.Name);

    private static long Size(string file, Located<string> text) =>
        ByteSize.TryParse(text.Value, out var bytes)
            ? bytes
            : throw new ConfigurationException(file, text.Line, $"'{text.Value}' is not a size such as 512MiB or 2GiB");

    private static string Nanoseconds(TimeSpan duration) =>
        Duration.ToNanoseconds(duration).ToString(CultureInfo.InvariantCulture);
}
