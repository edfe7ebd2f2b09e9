// SPDX-License-Identifier: MIT
using Reaplab.Analysis;

namespace Reaplab.Reports.Figures;

/// <summary>One row of an interval figure.</summary>
/// <param name="Group">Heading it stands under (the scenario).</param>
/// <param name="Label">Its own name.</param>
/// <param name="Style">How it looks.</param>
/// <param name="Estimate">The ratio.</param>
/// <param name="Low">Lower end of its interval, within the axis.</param>
/// <param name="High">Upper end of its interval, within the axis.</param>
/// <param name="Bound">A bound is drawn as an arrow in the direction in which the truth may lie.</param>
public sealed record IntervalRow(
    string Group,
    string Label,
    SeriesStyle Style,
    double Estimate,
    double Low,
    double High,
    RatioBound Bound
);
