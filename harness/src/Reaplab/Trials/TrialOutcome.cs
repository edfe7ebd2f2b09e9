// SPDX-License-Identifier: MIT
using CsvHelper;

namespace Reaplab.Trials;

/// <summary>What became of the victim's memory in one trial. What the calls returned stands in their errno columns.</summary>
public enum TrialOutcome
{
    /// <summary>90 % of what the victim held was free within the limit.</summary>
    [CsvEnumName("freed")]
    Freed,

    /// <summary>The limit passed and the memory was still held: a censored value, never averaged in.</summary>
    [CsvEnumName("not-freed")]
    NotFreed,

    /// <summary>The scenario's condition was not reached, or the victim held less than 90 % of what it should.</summary>
    [CsvEnumName("bad-setup")]
    BadSetup,

    /// <summary>The kernel under test panicked or oopsed: a result.</summary>
    [CsvEnumName("crash")]
    Crash,

    /// <summary>The kernel under test stopped making progress: a result.</summary>
    [CsvEnumName("hang")]
    Hang,

    /// <summary>The host, QEMU or SSH failed; says nothing about the kernel.</summary>
    [CsvEnumName("infra")]
    Infrastructure,

    /// <summary>The kernel lacks the method's call (ENOSYS when probed).</summary>
    [CsvEnumName("unsupported")]
    Unsupported,
}
