// SPDX-License-Identifier: MIT
namespace Reaplab.Verification;

/// <summary>
/// Divides the time that an approach is to be stressed for among its programs. Each has an equal share of what is left, so
/// that one that took longer than its share leaves less to the rest.
/// </summary>
/// <param name="wanted">How long all of them together race at least.</param>
/// <param name="programs">How many there are.</param>
internal sealed class StressTime(TimeSpan wanted, int programs)
{
    private int waiting = programs;

    /// <summary>How long they have raced so far.</summary>
    public TimeSpan Spent { get; private set; }

    /// <summary>The share of the next program; zero where the time is over.</summary>
    public TimeSpan TakeShare()
    {
        var left = wanted > Spent ? wanted - Spent : TimeSpan.Zero;
        return left / Math.Max(1, waiting--);
    }

    /// <summary>Notes how long a program has raced.</summary>
    public void Add(TimeSpan spent) => Spent += spent;
}
