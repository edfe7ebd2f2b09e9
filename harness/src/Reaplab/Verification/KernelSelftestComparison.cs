// SPDX-License-Identifier: MIT
namespace Reaplab.Verification;

/// <summary>
/// Holds one of the kernel's own selftests in an approach's kernel against the same in stock's. Our kernels are small, so
/// some cases cannot pass in any of them (there are no namespaces, for instance); what stock does not pass either is
/// named, and is no failure.
/// </summary>
/// <param name="OnStock">In stock's kernel, built with the same configuration.</param>
/// <param name="OnApproach">In the approach's; the same run again where stock itself is looked at.</param>
public sealed record KernelSelftestComparison(KernelSelftestRun OnStock, KernelSelftestRun OnApproach)
{
    /// <summary>The judgement.</summary>
    public SelftestReport Report =>
        Find() switch
        {
            (SelftestOutcome.Passed or SelftestOutcome.Skipped) and var outcome => new(OnApproach.Program, outcome),
            var outcome => new(OnApproach.Program, outcome, Explain(outcome)),
        };

    /// <summary>What does not pass on stock, a line each.</summary>
    public IReadOnlyList<string> Remarks =>
        [
            .. OnStock
                .Cases.Where(each => each.Outcome != TapOutcome.Passed)
                .Select(each =>
                    $"{(each.Outcome == TapOutcome.Skipped ? "skipped" : "fails")} on stock: {each.Number} {each.Name}"
                ),
            .. OnStock.BailOut.Length > 0 ? [$"gives up on stock: {OnStock.BailOut}"] : Array.Empty<string>(),
        ];

    private IEnumerable<TapCase> Lost =>
        OnStock.Cases.Where(each => each.Outcome == TapOutcome.Passed && !OnApproach.HasPassed(each.Number));

    private SelftestOutcome Find() =>
        (OnApproach.Report.Outcome, OnStock.Report.Outcome) switch
        {
            (SelftestOutcome.HostTrouble, _) or (_, SelftestOutcome.HostTrouble) => SelftestOutcome.HostTrouble,
            (SelftestOutcome.Crashed, _) => SelftestOutcome.Crashed,
            (SelftestOutcome.Complained, not SelftestOutcome.Complained) => SelftestOutcome.Complained,
            _ when Lost.Any() => SelftestOutcome.Failed,
            // All cases passed and yet it did not end well: it does on stock.
            (SelftestOutcome.Failed, SelftestOutcome.Passed) => SelftestOutcome.Failed,
            _ when OnStock.Cases.All(each => each.Outcome != TapOutcome.Passed) => SelftestOutcome.Skipped,
            _ => SelftestOutcome.Passed,
        };

    private string Explain(SelftestOutcome outcome)
    {
        if (outcome == SelftestOutcome.HostTrouble && OnApproach.Report.Outcome != SelftestOutcome.HostTrouble)
        {
            return $"on stock: {OnStock.Report.Detail}";
        }

        if (outcome != SelftestOutcome.Failed)
        {
            return OnApproach.Report.Detail;
        }

        var lost = Lost.Select(each => $"{each.Number} {each.Name}").ToList();
        var what =
            lost.Count == 0
                ? $"ends with {OnApproach.Report.Detail}, and well on stock"
                : $"passes on stock but not here: {string.Join(", ", lost)}";
        return OnApproach.BailOut.Length > 0 ? $"{what} (it gave up: {OnApproach.BailOut})" : what;
    }
}
