// SPDX-License-Identifier: MIT
using System.Globalization;

namespace Reaplab.Reports.Figures;

/// <summary>
/// A ratio as a colour: white at 1, towards blue below, towards orange above. Blue and orange are told apart with any common
/// colour blindness, and the number stands in the cell anyway.
/// </summary>
internal static class RatioColour
{
    public const string None = "#ffffff";

    public const string Text = "#202020";

    /// <summary>A tenth or ten times is as strong as it gets: beyond, the number tells.</summary>
    private const double Strongest = 10;

    private static readonly (int Red, int Green, int Blue) White = (255, 255, 255);

    private static readonly (int Red, int Green, int Blue) Sooner = (0, 114, 178);

    private static readonly (int Red, int Green, int Blue) Later = (213, 94, 0);

    /// <summary>The ground for a ratio greater than 0.</summary>
    public static string Ground(double ratio)
    {
        var end = ratio < 1 ? Sooner : Later;
        var strength = Strength(ratio);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"#{Mix(White.Red, end.Red, strength):x2}{Mix(White.Green, end.Green, strength):x2}{Mix(White.Blue, end.Blue, strength):x2}"
        );
    }

    /// <summary>The colour of a text that can be read on the ground of a ratio.</summary>
    public static string On(double ratio) => Strength(ratio) > 0.6 ? "#ffffff" : Text;

    private static double Strength(double ratio) => Math.Min(1, Math.Abs(Math.Log(ratio)) / Math.Log(Strongest));

    private static int Mix(int from, int to, double share) => (int)Math.Round(from + ((to - from) * share));
}
