// SPDX-License-Identifier: MIT
namespace Reaplab.Reports;

/// <summary>Ticks of a logarithmic axis: decades where it spans several, more in between where it spans few.</summary>
public static class LogTicks
{
    private static readonly (double Decades, double[] Steps)[] Choices =
    [
        (0.5, [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]),
        (1.2, [1, 2, 3, 5, 7]),
        (2.5, [1, 2, 5]),
        (double.PositiveInfinity, [1]),
    ];

    /// <summary>The ticks from one end to the other, ascending.</summary>
    /// <param name="low">Lower end, greater than 0.</param>
    /// <param name="high">Upper end.</param>
    public static IReadOnlyList<double> Between(double low, double high)
    {
        var steps = Choices.First(choice => Math.Log10(high / low) <= choice.Decades).Steps;
        var first = (int)Math.Floor(Math.Log10(low));
        var last = (int)Math.Ceiling(Math.Log10(high));
        // Decimal powers by parsing would be exact; by Math.Pow 0.001 comes out a bit off, hence the rounding.
        return
        [
            .. Enumerable
                .Range(first, last - first + 1)
                .SelectMany(power => steps.Select(step => Math.Round(step * Math.Pow(10, power), 9)))
                .Where(tick => tick >= low * 0.9999 && tick <= high * 1.0001),
        ];
    }
}
