// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Sections;

namespace Reaplab.Reports.Document;

/// <summary>Puts the sections of a report in order: what was found first, what it was made of last.</summary>
internal static class ReportComposer
{
    public static IReadOnlyList<ReportBlock> Compose(RunAnalysis analysis) =>
        [
            .. HeaderSection.Build(analysis),
            .. SummarySection.Build(analysis),
            .. CautionSection.Build(analysis),
            .. analysis.Scenarios.SelectMany(scenario => ScenarioSection.Build(analysis, scenario)),
            .. KernelSection.Build(analysis),
            .. ObserverSection.Build(analysis),
            .. ProvenanceSection.Build(analysis),
        ];
}
