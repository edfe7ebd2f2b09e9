// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Verification;

/// <summary>Says what there is to verify, and whether the record already holds it.</summary>
/// <param name="workspace">The checkout.</param>
/// <param name="kind">Which tests.</param>
public sealed class VerificationSubjects(Workspace workspace, VerificationKind kind = VerificationKind.OwnSelftests)
{
    /// <summary>
    /// Tested in every test run, recorded or not: the base, the control, and one whole proposal. The kernel's own selftests
    /// run on stock whenever they run on another.
    /// </summary>
    private readonly string[] always =
        kind == VerificationKind.OwnSelftests ? [ApproachDefinition.Stock, "noop", "process-reap"] : ["process-reap"];

    private readonly KernelBuilder builder = new(workspace);

    /// <summary>Which tests.</summary>
    public VerificationKind Kind => kind;

    /// <summary>Every approach that has such tests, stock first.</summary>
    public IReadOnlyList<ApproachDefinition> All { get; } =
    [
        .. ApproachCatalog
            .Load(workspace)
            .Where(approach => !approach.IsFlavourSupport && FindTests(workspace, kind, approach).Count > 0),
    ];

    /// <summary>
    /// What a test run verifies in measured kernels: a few approaches always, the others unless the record holds them as
    /// this checkout has them.
    /// </summary>
    public IReadOnlyList<ApproachDefinition> FindForTests() =>
        [
            .. All.Where(approach =>
                always.Contains(approach.Name.Value)
                || FindStatus(approach, KernelFlavour.Timing) != VerificationStatus.Passed
            ),
        ];

    /// <summary>What the record says of an approach, as far as this checkout decides it: any compiler, any source version.</summary>
    /// <param name="approach">The approach.</param>
    /// <param name="flavour">The kernel's flavour.</param>
    public VerificationStatus FindStatus(ApproachDefinition approach, KernelFlavour flavour)
    {
        ArgumentNullException.ThrowIfNull(approach);
        if (VerifiedRecord.Load(workspace, kind).Find(approach.Name.Value, BaseOf(approach), flavour) is not { } entry)
        {
            return VerificationStatus.Open;
        }

        return entry.Ingredients.IsSameCheckout(Describe(approach, flavour, entry.Ingredients.Kernel))
            ? VerificationStatus.Passed
            : VerificationStatus.Outdated;
    }

    /// <summary>The base an approach is verified on.</summary>
    /// <param name="approach">The approach.</param>
    public static string BaseOf(ApproachDefinition approach)
    {
        ArgumentNullException.ThrowIfNull(approach);
        return approach.Bases[0];
    }

    /// <summary>The names of an approach's tests.</summary>
    /// <param name="approach">The approach.</param>
    public IReadOnlyList<string> FindTests(ApproachDefinition approach) => FindTests(workspace, kind, approach);

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
            kind == VerificationKind.OwnSelftests
                ? SelftestSources.Hash(workspace, approach)
                : KernelSelftestBuild.HashSelection(BaseDefinition.Load(workspace, BaseOf(approach)))
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
        var entry = VerifiedRecord.Load(workspace, kind).Find(approach.Name.Value, baseName, flavour);
        // Without the base's source nobody knows which kernel would be built.
        return
            entry is not null
            && await builder.FindHashAsync(approach.Name.Value, baseName, flavour, cancellationToken) is { } kernel
            && entry.Hash == Describe(approach, flavour, kernel).ComputeHash()
            ? entry
            : null;
    }

    /// <summary>Notes in the record that an approach has just passed.</summary>
    /// <param name="approach">The approach.</param>
    /// <param name="kernel">The kernel it passed in.</param>
    /// <param name="reports">Its selftests, all well.</param>
    public void Record(ApproachDefinition approach, KernelBuild kernel, IReadOnlyList<SelftestReport> reports) =>
        VerifiedRecord.Add(workspace, CreateEntry(approach, kernel, reports), kind);

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

    private static IReadOnlyList<string> FindTests(
        Workspace workspace,
        VerificationKind kind,
        ApproachDefinition approach
    ) =>
        kind == VerificationKind.OwnSelftests
            ? approach.Selftests
            :
            [
                .. BaseDefinition
                    .Load(workspace, BaseOf(approach))
                    .KernelSelftests.Select(selftest => selftest.Program.Value),
            ];
}
