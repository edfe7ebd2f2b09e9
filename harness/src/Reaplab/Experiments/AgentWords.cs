// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Foundation;

namespace Reaplab.Experiments;

/// <summary>
/// The words the guest agent understands in scenarios, so that a misspelt one is an error here, with file and line,
/// and not in the guest after a boot. The agent's own list is workloads/agent/request.c.
/// </summary>
internal static class AgentWords
{
    private delegate string? Check(string value);

    private static readonly Dictionary<string, Check> Victim = new()
    {
        ["memory"] = OneOf("private", "shared", "file"),
        ["bytes"] = Bytes,
        ["clock"] = OneOf("memory", "memory+swap", "mapped"),
        ["victims"] = Count,
        ["inherited_bytes"] = Bytes,
        ["earlier_bytes"] = Bytes,
        ["earlier_ms"] = Count,
        ["swapped_bytes"] = Bytes,
        ["neighbour"] = OneOf("none", "clone-vm", "vfork"),
        ["lock"] = OneOf("0", "1"),
        ["owner"] = OneOf("0", "1"),
        ["reader"] = OneOf("0", "1"),
        ["vmas"] = Count,
        ["pages"] = OneOf("4k", "thp"),
        ["threads"] = Count,
        ["state"] = OneOf("running", "frozen-v1", "frozen-v2", "d-state", "exit-stop"),
        ["policy"] = OneOf("other", "idle"),
        ["nice"] = Integer,
        ["cpu_max"] = Quota,
        ["spinner"] = OneOf("0", "1"),
    };

    private static readonly Dictionary<string, Check> Background = new()
    {
        ["thrashers"] = Count,
        ["thrasher_bytes"] = Bytes,
        ["swap_bytes"] = Bytes,
        ["file_bytes"] = Bytes,
        ["candidates"] = Count,
        ["candidate_bytes"] = Bytes,
        ["leave_bytes"] = Bytes,
        ["idlers"] = Count,
    };

    private static readonly Dictionary<string, Check> Killer = new()
    {
        ["nice"] = Integer,
        ["spinner"] = OneOf("0", "1"),
    };

    private static readonly Dictionary<string, Check> Cpus = new()
    {
        ["killer"] = Count,
        ["observer"] = Count,
        ["victim"] = Count,
        ["load"] = Count,
    };

    /// <summary>All keys of a scenario's maps, for whoever documents them.</summary>
    internal static IEnumerable<string> Keys =>
        Victim.Keys.Concat(Background.Keys).Concat(Killer.Keys).Concat(Cpus.Keys).Distinct();

    /// <summary>Checks a <c>victim:</c> map and returns the agent's words, sizes in bytes.</summary>
    internal static IReadOnlyDictionary<string, string> ReadVictim(
        string file,
        IReadOnlyDictionary<string, Located<string>> map
    ) => Read(file, "victim", map, Victim);

    /// <summary>Checks a <c>background:</c> map and returns the agent's words, sizes in bytes.</summary>
    internal static IReadOnlyDictionary<string, string> ReadBackground(
        string file,
        IReadOnlyDictionary<string, Located<string>> map
    ) => Read(file, "background", map, Background);

    /// <summary>Checks a <c>killer:</c> map and returns the agent's words without their prefix.</summary>
    internal static IReadOnlyDictionary<string, string> ReadKiller(
        string file,
        IReadOnlyDictionary<string, Located<string>> map
    ) => Read(file, "killer", map, Killer);

    /// <summary>Checks a <c>cpus:</c> map and returns CPU numbers by role.</summary>
    internal static IReadOnlyDictionary<string, string> ReadCpus(
        string file,
        IReadOnlyDictionary<string, Located<string>> map
    ) => Read(file, "cpus", map, Cpus);

    private static SortedDictionary<string, string> Read(
        string file,
        string section,
        IReadOnlyDictionary<string, Located<string>> map,
        Dictionary<string, Check> known
    )
    {
        var words = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in map)
        {
            if (!known.TryGetValue(key, out var check))
            {
                throw new ConfigurationException(
                    file,
                    value.Line,
                    $"unknown key '{key}' in {section}: (known: {string.Join(", ", known.Keys)})"
                );
            }

            words[key] =
                check(value.Value)
                ?? throw new ConfigurationException(
                    file,
                    value.Line,
                    $"'{value.Value}' is not a value of {section}.{key}"
                );
        }

        return words;
    }

    private static Check OneOf(params string[] values) => value => values.Contains(value) ? value : null;

    private static string? Bytes(string value) =>
        ByteSize.TryParse(value, out var bytes) ? bytes.ToString(CultureInfo.InvariantCulture) : null;

    private static string? Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? value : null;

    private static string? Integer(string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? value : null;

    private static string? Quota(string value)
    {
        var parts = value.Split('/');
        return parts.Length == 2 && parts.All(part => Count(part) is not null) ? value : null;
    }
}
