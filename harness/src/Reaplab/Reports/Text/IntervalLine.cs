// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Analysis;

namespace Reaplab.Reports.Text;

/// <summary>Draws a ratio and its interval in characters, on a logarithmic scale.</summary>
/// <param name="low">Ratio at the left end.</param>
/// <param name="high">Ratio at the right end.</param>
/// <param name="width">Characters.</param>
internal sealed class IntervalLine(double low, double high, int width)
{
    /// <summary>'o' the estimate, '-' its interval, '|' the ratio 1, an arrow where only a bound is known.</summary>
    public string Draw(Contrast contrast)
    {
        var line = new string(' ', width).ToCharArray();
        line[Column(1)] = '|';
        if (contrast.Bound == RatioBound.Unknown)
        {
            return new string(line).TrimEnd();
        }

        for (var i = Column(IntervalEnds.Low(contrast)); i <= Column(IntervalEnds.High(contrast)); i++)
        {
            line[i] = i == Column(1) ? '+' : '-';
        }

        var at = Column(contrast.Ratio);
        if (contrast.Bound == RatioBound.AtMost)
        {
            line[Math.Max(0, at - 1)] = '<';
        }
        else if (contrast.Bound == RatioBound.AtLeast)
        {
            line[Math.Min(width - 1, at + 1)] = '>';
        }

        line[at] = 'o';
        return new string(line).TrimEnd();
    }

    /// <summary>The scale below the lines: its ticks, 1 first, as far as there is room.</summary>
    public string Scale()
    {
        var line = new string(' ', width).ToCharArray();
        foreach (var ratio in LogTicks.Between(low, high).OrderBy(ratio => Math.Abs(Math.Log(ratio))))
        {
            var text = ratio.ToString("0.#########", CultureInfo.InvariantCulture);
            var start = Math.Clamp(Column(ratio) - (text.Length / 2), 0, width - text.Length);
            var room = line.AsSpan(
                Math.Max(0, start - 1),
                Math.Min(width, start + text.Length + 1) - Math.Max(0, start - 1)
            );
            if (!room.ContainsAnyExcept(' '))
            {
                text.CopyTo(line.AsSpan(start));
            }
        }

        return new string(line).TrimEnd();
    }

    private int Column(double ratio)
    {
        var share = Math.Log(ratio / low) / Math.Log(high / low);
        return Math.Clamp((int)Math.Round(share * (width - 1)), 0, width - 1);
    }
}
