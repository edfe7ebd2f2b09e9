// SPDX-License-Identifier: MIT
using Reaplab.Trials;

namespace Reaplab.Analysis;

/// <summary>What a run left behind, complete or not.</summary>
/// <param name="Manifest">Where the numbers come from.</param>
/// <param name="Trials">One row per trial.</param>
/// <param name="ReadSamples">Opens the observer's samples; they are streamed, never held.</param>
public sealed record RunData(
    RunManifest Manifest,
    IReadOnlyList<TrialRecord> Trials,
    Func<IEnumerable<SampleRecord>> ReadSamples
)
{
    /// <summary>What only some scenarios measure.</summary>
    public IReadOnlyList<MeasureRecord> Measures { get; init; } = [];

    /// <summary>Reads a run's folder.</summary>
    /// <exception cref="Foundation.ConfigurationException">The folder holds no run, or a row is malformed.</exception>
    public static RunData Load(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new RunData(folder.ReadManifest(), folder.ReadTrials(), folder.ReadSamples)
        {
            Measures = folder.ReadMeasures(),
        };
    }
}
