// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>What the program's exit status means; the whole contract with CI.</summary>
public enum ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    Success = 0,

    /// <summary>A verdict is worse than the threshold the plan declares.</summary>
    Regression = 1,

    /// <summary>Wrong usage or configuration, a series that does not apply or compile included.</summary>
    Usage = 2,

    /// <summary>The host, QEMU, the network or SSH failed; the kernels under test are not to blame.</summary>
    Infrastructure = 3,

    /// <summary>The run ended with too few valid trials to say anything.</summary>
    TooFewTrials = 4,

    /// <summary>A kernel under test crashed or hung; the rows are kept as a result.</summary>
    KernelCrash = 5,

    /// <summary>Interrupted by the user; rows written so far are kept and reported.</summary>
    Interrupted = 130,
}
