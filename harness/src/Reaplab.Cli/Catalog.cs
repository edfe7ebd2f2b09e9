// SPDX-License-Identifier: MIT
using Reaplab.Experiments;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Cli;

/// <summary>What a checkout offers: approaches, methods, scenarios, plans.</summary>
/// <param name="Workspace">The checkout.</param>
internal sealed record Catalog(Workspace Workspace)
{
    /// <summary>The checkout the user stands in.</summary>
    internal static Catalog Find() => new(Workspace.Find(Environment.CurrentDirectory));

    /// <summary>Approaches a plan may name, stock first.</summary>
    internal IReadOnlyList<ApproachDefinition> Approaches { get; } =
    [.. ApproachCatalog.Load(Workspace).Where(approach => !approach.IsFlavourSupport)];

    /// <summary>Scenarios by name.</summary>
    internal IReadOnlyDictionary<string, ScenarioDefinition> Scenarios { get; } = ScenarioDefinition.LoadAll(Workspace);

    /// <summary>Names of the plans.</summary>
    internal IReadOnlyList<string> PlanNames =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Workspace.Workloads, "plans"), "*.yaml")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Reads a plan by name or by the path of its file.</summary>
    /// <param name="plan">Name or path.</param>
    internal PlanDefinition LoadPlan(string plan)
    {
        var named = Path.Combine(Workspace.Workloads, "plans", plan + ".yaml");
        var file = File.Exists(named) || !plan.EndsWith(".yaml", StringComparison.Ordinal) ? named : plan;
        if (!File.Exists(file))
        {
            throw new ConfigurationException(
                file,
                0,
                $"there is no plan '{plan}' (there are: {string.Join(", ", PlanNames)}; a path to a .yaml file works, too)"
            );
        }

        return PlanDefinition.Load(file, MethodNames(), Scenarios);
    }

    /// <summary>
    /// Methods an approach's kernel offers: those that need no patch, those of what it extends, its own.
    /// </summary>
    /// <param name="approach">The approach.</param>
    internal IReadOnlyList<MethodDefinition> MethodsOf(ApproachDefinition approach) =>
        [
            .. ApproachCatalog
                .Resolve(Workspace, approach, KernelFlavour.Timing)
                .Concat(Approaches.Where(each => each.IsStockKernel))
                .SelectMany(each => each.Methods)
                .DistinctBy(method => method.Name.Value),
        ];

    private Dictionary<string, IReadOnlyList<string>> MethodNames() =>
        Approaches.ToDictionary(
            approach => approach.Name.Value,
            approach => (IReadOnlyList<string>)[.. MethodsOf(approach).Select(method => method.Name.Value)]
        );
}
