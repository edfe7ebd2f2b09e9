// SPDX-License-Identifier: MIT
namespace Reaplab.Trials;

/// <summary>When parts of a victim's memory were free, computed from the observer's samples after the trial.</summary>
/// <param name="FirstNs">4 MiB had gone.</param>
/// <param name="HalfNs">50 % of held had gone.</param>
/// <param name="NinetyNs">90 % of held had gone.</param>
/// <param name="NinetyNineNs">99 % of held had gone.</param>
/// <param name="NinetyPreviousNs">The sample before the one of <paramref name="NinetyNs"/>: the true time lies between.</param>
public sealed record FreeingPoints(
    long? FirstNs,
    long? HalfNs,
    long? NinetyNs,
    long? NinetyNineNs,
    long? NinetyPreviousNs
)
{
    /// <summary>Pages come back in lumps far above this; less would be noise of the per-CPU charge stock (64 pages per CPU).</summary>
    private const long FirstBytes = 4L << 20;

    /// <summary>Finds the points.</summary>
    /// <param name="samples">Changes of memory.current: time before, time, bytes; in order of time.</param>
    /// <param name="startBytes">memory.current just before the kill.</param>
    /// <param name="heldBytes">What the victim held.</param>
    public static FreeingPoints From(IReadOnlyList<IReadOnlyList<long>> samples, long startBytes, long heldBytes)
    {
        var ninety = Fallen(heldBytes / 10 * 9);
        return new FreeingPoints(
            Fallen(Math.Min(FirstBytes, heldBytes))?[1],
            Fallen(heldBytes / 2)?[1],
            ninety?[1],
            Fallen(heldBytes / 100 * 99)?[1],
            ninety?[0]
        );

        IReadOnlyList<long>? Fallen(long bytes) =>
            samples.FirstOrDefault(sample => startBytes - sample[2] >= bytes && bytes > 0);
    }
}
