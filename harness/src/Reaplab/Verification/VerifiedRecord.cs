// SPDX-License-Identifier: MIT
using System.Text.Json;
using System.Text.Json.Serialization;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Verification;

/// <summary>
/// results/reference/verified.json and verified-kernel-selftests.json: which content passed its tests, by hash, so that a
/// passed verification need not be repeated until something that went into it changes.
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
        var name = kind == VerificationKind.OwnSelftests ? "verified.json" : "verified-kernel-selftests.json";
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

    /// <summary>Adds an entry to the file, in the place of an older one about the same.</summary>
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
