// SPDX-License-Identifier: MIT
using Reaplab.Cli.Display;
using Reaplab.Kernels;
using Reaplab.Verification;

namespace Reaplab.Cli.Verifying;

/// <summary>Which kernel each approach is verified in where several share one.</summary>
internal sealed class StackedKernels
{
    private readonly IReadOnlyList<string> kernels;

    private StackedKernels(IReadOnlyList<string> kernels) => this.kernels = kernels;

    /// <summary>Every approach in its own.</summary>
    internal static StackedKernels None { get; } = new([]);

    /// <summary>Finds out who can share a kernel, and says so.</summary>
    internal static async Task<StackedKernels> FindAsync(
        Preparation preparation,
        ConsoleDisplay display,
        IReadOnlyList<ApproachDefinition> approaches,
        CancellationToken cancellationToken
    )
    {
        var found = new List<string>();
        foreach (var together in approaches.GroupBy(VerificationSubjects.BaseOf, StringComparer.Ordinal))
        {
            found.AddRange(
                await display.ShowAsync(() =>
                    preparation.FindStacksAsync(
                        [.. together.Select(approach => approach.Name.Value)],
                        together.Key,
                        KernelFlavour.Debug,
                        cancellationToken
                    )
                )
            );
        }

        foreach (var (number, kernel) in found.Select((each, index) => (index + 1, each)))
        {
            Ktap.Line(0, $"# kernel {number} of {found.Count}: {string.Join(", ", KernelStack.MembersOf(kernel))}");
        }

        foreach (var approach in approaches.Where(each => each.Alone is not null))
        {
            Ktap.Line(0, $"# {approach.Name} is alone: {approach.Alone}");
        }

        return new StackedKernels(found);
    }

    /// <summary>Name of the kernel that an approach is verified in.</summary>
    internal string Of(ApproachDefinition approach, KernelFlavour flavour) =>
        flavour == KernelFlavour.Debug
            ? kernels.FirstOrDefault(kernel => KernelStack.MembersOf(kernel).Contains(approach.Name.Value))
                ?? approach.Name.Value
            : approach.Name.Value;

    /// <summary>The approaches in the order of their kernels, so that each is built once and then used.</summary>
    internal IEnumerable<ApproachDefinition> Sort(IReadOnlyList<ApproachDefinition> approaches, KernelFlavour flavour)
    {
        var order = kernels
            .Select((kernel, index) => (kernel, index))
            .ToDictionary(each => each.kernel, each => each.index);
        return approaches.OrderBy(approach => order.GetValueOrDefault(Of(approach, flavour), order.Count));
    }
}
