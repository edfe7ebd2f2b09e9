// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Verification;

/// <summary>Says what there is to verify, and whether the record already holds it.</summary>
/// <param name="workspace">The checkout.</param>
public sealed class VerificationSubjects(Workspace workspace)
{
    /// <summary>Tested in every test run, recorded or not: the base, the control, and one whole proposal.</summary>
    private static readonly string[] Always = [ApproachDefinition.Stock, "noop", "process-reap"];

    private readonly KernelBuilder builder = new(workspace);

    /// <summary>Every approach that has selftests, stock first.</summary>
    public IReadOnlyList<ApproachDefinition> All { get; } =
    [.. ApproachCatalog.Load(workspace).Where(approach => !approach.IsFlavourSupport && approach.Selftests.Count > 0)];

    /// <summary>
    /// What a test run verifies in measured kernels: a few approaches always, the others unless the record holds them as
    /// this checkout has them.
    /// </summary>
    public IReadOnlyList<ApproachDefinition> FindForTests()
    {
        var record = VerifiedRecord.Load(workspace);
        return [.. All.Where(approach => Always.Contains(approach.Name.Value) || !IsRecorded(approach))];

        bool IsRecorded(ApproachDefinition approach) =>
            record.Find(approach.Name.Value, BaseOf(approach), KernelFlavour.Timing) is { } entry
            && entry.Ingredients.IsSameCheckout(Describe(approach, KernelFlavour.Timing, entry.Ingredients.Kernel));
    }

    /// <summary>The base an approach is verified on.</summary>
    /// <param name="approach">The approach.</param>
    public static string BaseOf(ApproachDefinition approach)
    {
        ArgumentNullException.ThrowIfNull(approach);
        return approach.Bases[0];
    }

    /// <summary>The ingredients of a verification.</summary>
    /// <param name="approach">The approach.</param>
    /// <param name="flavour">The kernel's flavour.</param>
    /// <param name="kernel">The kernel's identity.</param>
    public VerifiedIngredients Describe(ApproachDefinition approach, KernelFlavour flavour, string kernel)
    {
        ArgumentNullException.ThrowIfNull(approach);
        return new VerifiedIngredients(
            kernel,
            builder.HashContent(approach.Name.Value, BaseOf(approach), flavour),
            SelftestSources.Hash(workspace, approach)
        );
    }

    /// <summary>The record's entry that holds exactly what would be verified now; null where there is none.</summary>
    /// <param name="approach">The approach.</param>
    /// <param name="flavour">The kernel's flavour.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<VerifiedEntry?> FindRecordedAsync(
        ApproachDefinition approach,
        KernelFlavour flavour,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(approach);
        var baseName = BaseOf(approach);
        var entry = VerifiedRecord.Load(workspace).Find(approach.Name.Value, baseName, flavour);
        // Without the base's source nobody knows which kernel would be built.
        return
            entry is not null
            && await builder.FindHashAsync(approach.Name.Value, baseName, flavour, cancellationToken) is { } kernel
            && entry.Hash == Describe(approach, flavour, kernel).ComputeHash()
            ? entry
            : null;
    }

    /// <summary>The entry for an approach that has just passed.</summary>
    /// <param name="approach">The approach.</param>
    /// <param name="kernel">The kernel it passed in.</param>
    /// <param name="reports">Its selftests, all well.</param>
    public VerifiedEntry CreateEntry(
        ApproachDefinition approach,
        KernelBuild kernel,
        IReadOnlyList<SelftestReport> reports
    )
    {
        ArgumentNullException.ThrowIfNull(approach);
        ArgumentNullException.ThrowIfNull(kernel);
        var ingredients = Describe(approach, kernel.Flavour, kernel.Hash);
        return new VerifiedEntry
        {
            Approach = approach.Name.Value,
            Base = kernel.Base,
            Flavour = kernel.Flavour,
            Hash = ingredients.ComputeHash(),
            Ingredients = ingredients,
            SourceVersion = kernel.SourceVersion,
            Compiler = kernel.Compiler,
            Selftests = reports.ToDictionary(
                report => report.Selftest,
                report => report.Outcome == SelftestOutcome.Passed ? "passed" : "skipped"
            ),
            Date = DateOnly.FromDateTime(DateTime.UtcNow),
        };
    }
}
