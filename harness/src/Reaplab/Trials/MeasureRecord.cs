// SPDX-License-Identifier: MIT
using CsvHelper;

namespace Reaplab.Trials;

/// <summary>One row of measures.csv: what only some scenarios measure.</summary>
/// <param name="Run">The run.</param>
/// <param name="Block">Block of the trial.</param>
/// <param name="Slot">Slot of the trial.</param>
/// <param name="Measure">What was measured.</param>
/// <param name="Value">Its value.</param>
/// <param name="Unit">The value's unit, e.g. ns or pages.</param>
[CsvRecord]
public sealed partial record MeasureRecord(
    [CsvColumn("run")] string Run,
    [CsvColumn("block")] int Block,
    [CsvColumn("slot")] int Slot,
    [CsvColumn("measure")] string Measure,
    [CsvColumn("value")] double Value,
    [CsvColumn("unit")] string Unit
);
