// SPDX-License-Identifier: MIT
using CsvHelper;

namespace Reaplab.Trials;

/// <summary>One row of samples.csv: memory.current of a victim's cgroup when it was seen to have changed.</summary>
/// <param name="Block">Block of the trial.</param>
/// <param name="Slot">Slot of the trial.</param>
/// <param name="PreviousNs">Time of the sample before: the change happened after it.</param>
/// <param name="TimeNs">Time of this sample, nanoseconds since the kill.</param>
/// <param name="Bytes">memory.current.</param>
[CsvRecord]
public sealed partial record SampleRecord(
    [CsvColumn("block")] int Block,
    [CsvColumn("slot")] int Slot,
    [CsvColumn("previous_ns")] long PreviousNs,
    [CsvColumn("t_ns")] long TimeNs,
    [CsvColumn("bytes")] long Bytes
);
