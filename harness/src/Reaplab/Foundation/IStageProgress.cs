// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>Where a stage says how far it is. Stages never print; the command line shows this as it sees fit.</summary>
public interface IStageProgress
{
    /// <summary>Reports a state; called often, so it must be cheap.</summary>
    /// <param name="state">The state.</param>
    void Report(StageState state);
}
