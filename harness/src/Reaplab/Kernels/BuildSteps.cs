// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>Turns the steps make prints into progress with an estimate.</summary>
internal sealed class BuildSteps(string stage, int total, IStageProgress progress)
{
    /// <summary>Before so many steps the pace says little: the first files are small or generated.</summary>
    private const int StepsBeforeEstimate = 100;

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private int done;

    /// <summary>Steps of a build from nothing, counted on 6.12; later bases differ by a few per cent.</summary>
    public static int OfWholeBuild(KernelFlavour flavour) => flavour == KernelFlavour.Debug ? 2050 : 1900;

    /// <summary>Counts a step.</summary>
    public void Take(string step)
    {
        done++;
        var shownTotal = total == 0 ? 0 : Math.Max(total, done);
        progress.Report(new StageState(stage, step + Estimate(shownTotal), done, shownTotal));
    }

    private string Estimate(int shownTotal)
    {
        if (shownTotal == 0 || done < StepsBeforeEstimate)
        {
            return "";
        }

        var left = watch.Elapsed / done * (shownTotal - done);
        return left < TimeSpan.FromMinutes(1)
            ? ", under a minute left"
            : string.Create(CultureInfo.InvariantCulture, $", about {Math.Ceiling(left.TotalMinutes)} min left");
    }
}
