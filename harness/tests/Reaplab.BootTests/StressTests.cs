// SPDX-License-Identifier: MIT
using Reaplab.BootTests.Support;
using Reaplab.Kernels;
using Reaplab.Verification;

namespace Reaplab.BootTests;

/// <summary>
/// Approaches' races in debug kernels for a short time: one proposal always, others once they are not what the record says
/// was stressed, for much longer, by <c>reaplab verify APPROACH --stress</c>.
/// </summary>
public sealed class StressTests
{
    /// <summary>Each case once takes longer than that for most; it is there for those whose races are short.</summary>
    private static readonly TimeSpan StressTime = TimeSpan.FromSeconds(30);

    private static readonly IReadOnlyList<ApproachDefinition> Stressed = new VerificationSubjects(
        Laboratory.Workspace,
        VerificationKind.Stress
    ).FindForTests();

    /// <summary>As they were built before the tests: those that can share a kernel do.</summary>
    private static readonly Lazy<Task<IReadOnlyList<string>>> Kernels = new(() =>
        new KernelBuilder(Laboratory.Workspace).FindStacksAsync(
            [.. Stressed.Select(approach => approach.Name.Value)],
            "6.12",
            KernelFlavour.Debug,
            KernelBuildOptions.Default,
            new Silence(),
            default
        )
    );

    public static TheoryData<string> Approaches => [.. Stressed.Select(approach => approach.Name.Value)];

    /// <summary>A dozen races under KASAN, lockdep and emulation, each of which may take some minutes.</summary>
    [Theory(Timeout = 2_700_000)]
    [MemberData(nameof(Approaches))]
    public async Task The_races_of_an_approach_leave_the_kernel_nothing_to_complain_of(string approach)
    {
        var kernel = (await Kernels.Value).Single(each => KernelStack.MembersOf(each).Contains(approach));
        using var laboratory = await Laboratory.OpenAsync(KernelFlavour.Debug, kernel);
        var races = ApproachDefinition.Load(Laboratory.Workspace, approach).Races!;
        var stress = new StressRunner(new Selftest(laboratory.Context, laboratory.Run.Path), StressTime, races.Count);
        foreach (var race in races)
        {
            var lines = new List<string>();
            var report = await stress.RunAsync(
                laboratory.Context.Kernels[kernel],
                race.Value,
                lines.Add,
                TestContext.Current.CancellationToken
            );
            Assert.True(report.IsWell, $"{report}\n{string.Join('\n', lines)}");
        }
    }
}
