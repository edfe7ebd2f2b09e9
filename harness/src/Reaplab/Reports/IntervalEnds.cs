// SPDX-License-Identifier: MIT
using Reaplab.Analysis;

namespace Reaplab.Reports;

/// <summary>
/// The ends of a ratio's interval as they are drawn. On its open side a bound has no end: it is drawn from the estimate, and
/// an arrow says where the truth may lie.
/// </summary>
internal static class IntervalEnds
{
    public static double Low(Contrast contrast) =>
        contrast.Bound == RatioBound.AtMost ? contrast.Ratio : contrast.Interval?.Low ?? contrast.Ratio;

    public static double High(Contrast contrast) =>
        contrast.Bound == RatioBound.AtLeast ? contrast.Ratio : contrast.Interval?.High ?? contrast.Ratio;
}
