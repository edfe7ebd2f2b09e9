// SPDX-License-Identifier: MIT
using System.Text.Json;
using System.Text.Json.Serialization;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Verification;

/// <summary>
/// results/reference/verified.json and, for the other kinds of tests, its neighbours: which content passed, by hash, so
/// that a passed verification need not be repeated until something that went into it changes.
/// </summary>
/// <param name="SchemaVersion">Version of the file's form.</param>
/// <param name="Entries">One per approach, base and flavour.</param>
public sealed record VerifiedRecord(int SchemaVersion, IReadOnlyList<VerifiedEntry> Entries)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        // The file is read by people; "+" in a version need not become an escape.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The record's file in a checkout.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="kind">Of which tests.</param>
    public static string FileOf(Workspace workspace, VerificationKind kind = VerificationKind.OwnSelftests)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var name = kind switch
        {
            VerificationKind.OwnSelftests => "verified.json",
            VerificationKind.KernelSelftests => "verified-kernel-selftests.json",
            VerificationKind.Stress => "verified-stress.json",
            VerificationKind.Leaks => "verified-leaks.json",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return Path.Combine(workspace.Results, "reference", name);
    }

    /// <summary>Reads the record; an empty one where there is no file yet.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="kind">Of which tests.</param>
    /// <exception cref="ConfigurationException">The file is no record.</exception>
    public static VerifiedRecord Load(Workspace workspace, VerificationKind kind = VerificationKind.OwnSelftests)
    {
        var file = FileOf(workspace, kind);
        if (!File.Exists(file))
        {
            return new VerifiedRecord(1, []);
        }

        try
        {
            return JsonSerializer.Deserialize<VerifiedRecord>(File.ReadAllText(file), Json)
                ?? throw new ConfigurationException(file, 0, "the record is empty");
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException(
                file,
                (exception.LineNumber ?? -1) + 1,
                $"not a record of verifications: {exception.Message}",
                exception
            );
        }
    }

    /// <summary>
    /// Adds an entry to the file, in the place of an older one about the same. A short stress does not take the place of a
    /// longer one of the same content.
    /// </summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="entry">What has just passed.</param>
    /// <param name="kind">Of which tests.</param>
    public static void Add(
        Workspace workspace,
        VerifiedEntry entry,
        VerificationKind kind = VerificationKind.OwnSelftests
    )
    {
        ArgumentNullException.ThrowIfNull(entry);
        var record = Load(workspace, kind);
        if (
            record.Find(entry.Approach, entry.Base, entry.Flavour) is { } before
            && before.Hash == entry.Hash
            && before.Seconds > entry.Seconds
        )
        {
            return;
        }

        var entries = record
            .Entries.Where(each => !each.IsAbout(entry.Approach, entry.Base, entry.Flavour))
            .Append(entry)
            .OrderBy(each => each.Approach, StringComparer.Ordinal)
            .ThenBy(each => each.Base, StringComparer.Ordinal)
            .ThenBy(each => each.Flavour);
        var file = FileOf(workspace, kind);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // An interrupt leaves the record before.
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(record with { Entries = [.. entries] }, Json) + "\n");
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>The entry about an approach, or null.</summary>
    /// <param name="approach">The approach.</param>
    /// <param name="baseName">The base.</param>
    /// <param name="flavour">The flavour.</param>
    public VerifiedEntry? Find(string approach, string baseName, KernelFlavour flavour) =>
        Entries.FirstOrDefault(entry => entry.IsAbout(approach, baseName, flavour));

    /// <summary>What is wrong with the record itself; empty where nothing is. An entry that is merely out of date is no fault.</summary>
    /// <param name="workspace">The checkout.</param>
    /// <param name="kind">Of which tests it is the record.</param>
    public IReadOnlyList<string> FindFaults(Workspace workspace, VerificationKind kind = VerificationKind.OwnSelftests)
    {
        var approaches = ApproachCatalog.FindNames(workspace);
        var bases = BaseDefinition.FindNames(workspace);
        var faults = new List<string>();
        foreach (var entry in Entries)
        {
            var who = $"{entry.Approach} on {entry.Base}, {entry.Flavour.ToString().ToLowerInvariant()}";
            Check(approaches.Contains(entry.Approach), $"{who}: there is no such approach");
            Check(bases.Contains(entry.Base), $"{who}: there is no such base");
            Check(entry.Hash == entry.Ingredients.ComputeHash(), $"{who}: the hash is not that of its ingredients");
            Check(
                entry.Selftests.Values.Contains("passed", StringComparer.Ordinal),
                $"{who}: no selftest passed, so nothing was verified"
            );
            Check(
                entry.Selftests.Values.All(result => result is "passed" or "skipped"),
                $"{who}: a selftest neither passed nor was skipped"
            );
            Check(
                kind is VerificationKind.OwnSelftests or VerificationKind.KernelSelftests
                    || entry.Flavour == KernelFlavour.Debug,
                $"{who}: only the debug flavour can show that"
            );
            Check(
                kind == VerificationKind.Stress ? entry.Seconds > 0 : entry.Seconds is null,
                $"{who}: seconds are said of a stress, and of nothing else"
            );
            Check(
                entry.Stack is null || KernelStack.MembersOf(entry.Stack).Contains(entry.Approach),
                $"{who}: it is not in the kernel it is said to have passed in ({entry.Stack})"
            );
            Check(Entries.Count(each => each.IsAbout(entry.Approach, entry.Base, entry.Flavour)) == 1, $"{who}: twice");
        }

        return faults;

        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add($"{FileOf(workspace, kind)}: {fault}");
            }
        }
    }
}
