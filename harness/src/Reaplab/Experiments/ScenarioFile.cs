// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Experiments;

/// <summary>A scenario as its YAML file says it; <see cref="ScenarioDefinition"/> is the checked form.</summary>
internal sealed class ScenarioFile
{
    public required Located<string> Name { get; init; }

    public required string Summary { get; init; }

    public required string Purpose { get; init; }

    public MachineSection Machine { get; init; } = new();

    public Dictionary<string, Located<string>> Cpus { get; init; } = [];

    public Dictionary<string, Located<string>> Background { get; init; } = [];

    public Dictionary<string, Located<string>> Killer { get; init; } = [];

    public required Dictionary<string, Located<string>> Victim { get; init; }

    public Located<string>? Usable { get; init; }

    public bool Decide { get; init; }

    public required TimeSpan Limit { get; init; }

    public TimeSpan? ExitLimit { get; init; }

    public required bool DecidedUnderEmulation { get; init; }

    internal sealed class MachineSection
    {
        public int Cpus { get; init; } = 2;

        public Located<string> Memory { get; init; } = new("2GiB", 0);
    }
}
