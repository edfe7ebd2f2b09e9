// SPDX-License-Identifier: MIT
using Reaplab.Analysis.Statistics;
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>Reads measures from rows.</summary>
public static class MeasureExtensions
{
    /// <summary>The row's value of a measure, in nanoseconds; null where the row cannot have one.</summary>
    /// <param name="measure">What to read.</param>
    /// <param name="trial">A row that was freed or not freed.</param>
    /// <returns>A point that was not reached is censored at the end of waiting, never left out.</returns>
    public static CensoredValue? Of(this Measure measure, TrialRecord trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var limit = trial.LimitNs;
        // An older run has no window; the last point that was seen is then the longest time known to have been waited.
        var window = trial.WindowNs ?? (trial.Outcome == TrialOutcome.Freed ? trial.T99Ns ?? trial.T90Ns : limit);
        return measure switch
        {
            Measure.MemoryGone => Reached(trial.T90Ns, limit),
            Measure.MemoryFirst => Reached(trial.TFirstNs, limit),
            Measure.MemoryEnd => Reached(trial.T99Ns, window),
            Measure.ProcessGone => Reached(trial.ExitNs, window),
            Measure.Usable => Reached(trial.UsableNs, window),
            Measure.Decision => Reached(trial.DecisionNs, limit),
            Measure.ReapCall => Reached(trial.ReapCallNs, null),
            Measure.Operation => null,
            _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "not a measure"),
        };
    }

    private static CensoredValue? Reached(long? point, long? waited) =>
        point is { } reached ? CensoredValue.Reached(reached)
        : waited is { } limit ? CensoredValue.Beyond(limit)
        : null;
}
