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
    /// run on stock whenever they run on another. Of debug kernels one is enough.
    /// </summary>
    private readonly string[] always =
        kind == VerificationKind.OwnSelftests ? [ApproachDefinition.Stock, "noop", "process-reap"] : ["process-reap"];

    private readonly KernelBuilder builder = new(workspace);

    /// <summary>Which tests.</summary>
    public VerificationKind Kind => kind;

    /// <summary>How long the races of an approach are to last together; a record of less does not count.</summary>
    public TimeSpan StressTime { get; init; }

    /// <summary>Every approach that is to pass such tests, stock first.</summary>
    public IReadOnlyList<ApproachDefinition> All { get; } =
    [
        .. ApproachCatalog
            .Load(workspace)
            .Where(approach => !approach.IsFlavourSupport && IsSubject(workspace, kind, approach)),
    ];

    /// <summary>
    /// What a test run verifies: a few approaches always, the others unless the record holds them as this checkout has them.
    /// Of stress only what has been in the record before: a debug kernel takes longer to build than all other tests of its
    /// approach together, and a first stress is to be the long one of <c>verify --stress</c> anyway.
    /// </summary>
    public IReadOnlyList<ApproachDefinition> FindForTests()
    {
        // Stress is for the debug flavour; the rest is shown in the kernels that are measured.
        var flavour = kind == VerificationKind.Stress ? KernelFlavour.Debug : KernelFlavour.Timing;
        return
        [
            .. All.Where(approach =>
                FindTests(approach).Count > 0
                && (always.Contains(approach.Name.Value) || IsDue(FindStatus(approach, flavour)))
            ),
        ];

        bool IsDue(VerificationStatus status) =>
            status == VerificationStatus.Outdated
            || (status == VerificationStatus.Open && kind != VerificationKind.Stress);
    }

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

        return
            IsKnown(entry)
            && entry.Ingredients.IsSameCheckout(Describe(approach, KernelOf(entry), flavour, entry.Ingredients.Kernel))
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

    /// <summary>
    /// True where an approach is to pass such tests. Where it has none all the same, they are missing: kernel code must race,
    /// unless it says that it never runs.
    /// </summary>
    /// <param name="approach">The approach.</param>
    public bool IsSubject(ApproachDefinition approach) => IsSubject(workspace, kind, approach);

    /// <summary>The names of an approach's tests.</summary>
    /// <param name="approach">The approach.</param>
    public IReadOnlyList<string> FindTests(ApproachDefinition approach) => FindTests(workspace, kind, approach);

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
        // Without the base's source nobody knows which kernel would be built.
        return
            VerifiedRecord.Load(workspace, kind).Find(approach.Name.Value, BaseOf(approach), flavour) is { } entry
            && IsKnown(entry)
            && (entry.Seconds ?? 0) >= StressTime.TotalSeconds
            && await builder.FindHashAsync(KernelOf(entry), BaseOf(approach), flavour, cancellationToken) is { } kernel
            && entry.Hash == Describe(approach, KernelOf(entry), flavour, kernel).ComputeHash()
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
        var ingredients = Describe(approach, kernel.Approach, kernel.Flavour, kernel.Hash);
        return new VerifiedEntry
        {
            Approach = approach.Name.Value,
            Stack = KernelStack.IsStack(kernel.Approach) ? kernel.Approach : null,
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
            Seconds = kind == VerificationKind.Stress ? (int)reports.Sum(report => report.Duration.TotalSeconds) : null,
            Date = DateOnly.FromDateTime(DateTime.UtcNow),
        };
    }

    private static string KernelOf(VerifiedEntry entry) => entry.Stack ?? entry.Approach;

    /// <summary>False where it passed beside an approach that is no longer there.</summary>
    private bool IsKnown(VerifiedEntry entry) =>
        KernelStack.MembersOf(KernelOf(entry)).All(ApproachCatalog.FindNames(workspace).Contains);

    private VerifiedIngredients Describe(
        ApproachDefinition approach,
        string kernelName,
        KernelFlavour flavour,
        string kernel
    ) =>
        new(
            kernel,
            builder.HashContent(kernelName, BaseOf(approach), flavour),
            kind == VerificationKind.KernelSelftests
                ? KernelSelftestBuild.HashSelection(BaseDefinition.Load(workspace, BaseOf(approach)))
                : SelftestSources.Hash(
                    workspace,
                    approach,
                    kind == VerificationKind.Stress ? FindTests(approach) : approach.Selftests
                )
        );

    private static bool IsSubject(Workspace workspace, VerificationKind kind, ApproachDefinition approach) =>
        kind == VerificationKind.Stress
            ? !approach.IsStockKernel && approach.Races is not { Count: 0 }
            : FindTests(workspace, kind, approach).Count > 0;

    private static IReadOnlyList<string> FindTests(
        Workspace workspace,
        VerificationKind kind,
        ApproachDefinition approach
    ) =>
        kind switch
        {
            VerificationKind.OwnSelftests => approach.Selftests,
            VerificationKind.Stress => [.. (approach.Races ?? []).Select(race => race.Value)],
            VerificationKind.Leaks => approach.Selftests.Count > 0 ? [.. approach.Selftests, LeakHunt.Verdict] : [],
            _ =>
            [
                .. BaseDefinition
                    .Load(workspace, BaseOf(approach))
                    .KernelSelftests.Select(selftest => selftest.Program.Value),
            ],
        };
}
