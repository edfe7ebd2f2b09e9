// SPDX-License-Identifier: MIT
using Reaplab.Analysis;

namespace Reaplab.Reports;

/// <summary>Writes one output of a run. Adding an output is adding an implementation.</summary>
public interface IReportExporter
{
    /// <summary>Name of the file in the run's folder.</summary>
    string FileName { get; }

    /// <summary>Writes the output; a run of one block is as valid as a complete one.</summary>
    /// <param name="analysis">What to show.</param>
    /// <param name="writer">Where to; lines end with \n whatever the writer's own setting.</param>
    void Write(RunAnalysis analysis, TextWriter writer);
}
