// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis.Statistics;

/// <summary>A duration, or the knowledge that it is longer than the limit at which waiting stopped.</summary>
/// <param name="Value">The duration; the limit when <paramref name="IsCensored"/>.</param>
/// <param name="IsCensored">True when the event had not come by <paramref name="Value"/>.</param>
public readonly record struct CensoredValue(double Value, bool IsCensored) : IComparable<CensoredValue>
{
    /// <summary>A duration that was seen to end.</summary>
    public static CensoredValue Reached(double value) => new(value, IsCensored: false);

    /// <summary>A duration known only to exceed <paramref name="limit"/>.</summary>
    public static CensoredValue Beyond(double limit) => new(limit, IsCensored: true);

    /// <summary>Orders by value; at the same value a censored one is the longer.</summary>
    public int CompareTo(CensoredValue other)
    {
        var byValue = Value.CompareTo(other.Value);
        return byValue != 0 ? byValue : IsCensored.CompareTo(other.IsCensored);
    }

    /// <summary>True when <paramref name="left"/> is the shorter.</summary>
    public static bool operator <(CensoredValue left, CensoredValue right) => left.CompareTo(right) < 0;

    /// <summary>True when <paramref name="left"/> is the longer.</summary>
    public static bool operator >(CensoredValue left, CensoredValue right) => left.CompareTo(right) > 0;

    /// <summary>True when <paramref name="left"/> is not the longer.</summary>
    public static bool operator <=(CensoredValue left, CensoredValue right) => left.CompareTo(right) <= 0;

    /// <summary>True when <paramref name="left"/> is not the shorter.</summary>
    public static bool operator >=(CensoredValue left, CensoredValue right) => left.CompareTo(right) >= 0;
}
