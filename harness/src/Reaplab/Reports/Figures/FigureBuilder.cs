// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Analysis;

namespace Reaplab.Reports.Figures;

/// <summary>Makes the figures of a run from its analysis.</summary>
public sealed class FigureBuilder
{
    private const double NsPerMs = 1e6;

    private readonly RunAnalysis _analysis;
    private readonly StyleCatalog _styles;
    private readonly string _source;

    /// <summary>Figures for a run.</summary>
    public FigureBuilder(RunAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        _analysis = analysis;
        _styles = new StyleCatalog(analysis.Manifest);
        var blocks = analysis.Blocks == 1 ? "1 block" : Invariant($"{analysis.Blocks} blocks");
        _source = analysis.IsEmulated
            ? $"{Wording.EmulatedLabel}: times are not comparable with hardware; {blocks}, run {analysis.Manifest.Run}"
            : $"{analysis.Manifest.Accelerator}; {blocks}, run {analysis.Manifest.Run}";
    }

    /// <summary>Summary and overview, then per scenario the distribution and the memory held over time.</summary>
    /// <param name="curves">Memory over time, of the cells that have samples.</param>
    public IReadOnlyList<Figure> Build(IReadOnlyList<MemoryCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var byScenario = curves.ToLookup(curve => curve.Cell.Scenario);
        var perScenario = _analysis.Scenarios.SelectMany(scenario =>
            new[] { Distribution(scenario), Memory(scenario, byScenario[scenario.Scenario.Name]) }
        );
        Figure?[] overall = [Summary(), MatrixBuilder.Build(_analysis, _source)];
        return [.. overall.Concat(perScenario).OfType<Figure>()];
    }

    private CurveFigure? Distribution(ScenarioAnalysis scenario)
    {
        if (TimeGrid.For(scenario, scenario.Primary) is not { } grid)
        {
            return null;
        }

        var axis = TimeAxis(grid, Wording.AxisLabel(scenario.Primary));
        var curves = scenario
            .Cells.Where(cell => cell.Distributions.ContainsKey(scenario.Primary))
            .Select(cell => Steps(cell, scenario.Primary, axis))
            .ToList();
        return new CurveFigure(
            $"ecdf-{scenario.Scenario.Name}",
            $"{scenario.Scenario.Name}: {scenario.Scenario.Summary}",
            _source,
            axis,
            new Axis("share of trials", -0.03, 1.03, IsLogarithmic: false),
            curves
        );
    }

    /// <summary>The empirical distribution, its steps drawn out, up to the limit where trials were censored.</summary>
    private Curve Steps(CellAnalysis cell, Measure measure, Axis axis)
    {
        var sample = cell.Distributions[measure].Sample;
        var points = new List<CurvePoint> { new(axis.Low, 0) };
        for (var i = 0; i < sample.KnownCount; i++)
        {
            var x = sample.Known[i] / NsPerMs;
            points.Add(new CurvePoint(x, (double)i / sample.Count));
            points.Add(new CurvePoint(x, (double)(i + 1) / sample.Count));
        }

        var isComplete = sample.KnownCount == sample.Count;
        var end = new CurvePoint(
            isComplete ? axis.High : Math.Min(axis.High, sample.Limit / NsPerMs),
            (double)sample.KnownCount / sample.Count
        );
        points.Add(end);
        var label = Invariant($"{cell.Cell.Approach} / {cell.Cell.Method}, n={sample.Count}");
        return new Curve(
            isComplete ? label : Invariant($"{label}, {sample.Count - sample.KnownCount} > limit (x)"),
            _styles.Of(cell.Cell),
            points
        )
        {
            CensoredAt = isComplete ? null : end,
        };
    }

    private CurveFigure? Memory(ScenarioAnalysis scenario, IEnumerable<MemoryCurve> curves)
    {
        var drawn = curves.ToList();
        if (drawn.Count == 0 || TimeGrid.ForMemory(scenario) is not { } grid)
        {
            return null;
        }

        return new CurveFigure(
            $"memory-{scenario.Scenario.Name}",
            $"{scenario.Scenario.Name}: memory still held, median of the trials, band from 10 to 90 % of them",
            _source,
            TimeAxis(grid, "time since the kill, ms"),
            new Axis("memory still held, % of what the victim held", -3, 103, IsLogarithmic: false),
            [.. drawn.Select(curve => Held(curve, LimitOf(scenario, curve.Cell)))]
        );
    }

    /// <summary>The limit of a cell that did not free in every trial: beyond it nobody looked.</summary>
    private static double LimitOf(ScenarioAnalysis scenario, Cell cell) =>
        scenario.Find(cell.Approach, cell.Method)?.Distributions.GetValueOrDefault(Measure.MemoryGone)?.Sample.Limit
        ?? double.PositiveInfinity;

    private Curve Held(MemoryCurve curve, double limitNs)
    {
        var shown = curve.TimesNs.Count(time => time <= limitNs);
        var points = Enumerable
            .Range(0, shown)
            .Select(i => new CurvePoint(curve.TimesNs[i] / NsPerMs, curve.Median[i] * 100))
            .ToList();
        return new Curve(
            Invariant($"{curve.Cell.Approach} / {curve.Cell.Method}, n={curve.Trials}"),
            _styles.Of(curve.Cell),
            points
        )
        {
            Band = [.. points.Select((point, i) => new BandPoint(point.X, curve.Low[i] * 100, curve.High[i] * 100))],
            CensoredAt = shown < curve.TimesNs.Count && shown > 0 ? points[^1] : null,
        };
    }

    private IntervalFigure? Summary()
    {
        var rows = _analysis
            .Scenarios.SelectMany(scenario =>
                Wording
                    .PrimaryContrasts(scenario)
                    .Where(contrast => contrast.Bound != RatioBound.Unknown)
                    .Select(contrast => (Group: Wording.Group(scenario), contrast))
            )
            .ToList();
        var contrasts = rows.ConvertAll(row => row.contrast);
        if (contrasts.Count == 0)
        {
            return null;
        }

        var (low, high) = RatioSpan.Of(contrasts, _analysis.Manifest.Margin);
        return new IntervalFigure(
            "summary",
            "Time until memory is free, divided by that of the reference method in the same kernel",
            _source,
            new Axis(
                "ratio to the reference method (below 1: sooner); dot: estimate, bar: interval, arrow: bound",
                low,
                high,
                IsLogarithmic: true
            ),
            1 / _analysis.Manifest.Margin,
            _analysis.Manifest.Margin,
            [.. rows.Select(row => Row(row.Group, row.contrast, low, high))]
        );
    }

    private IntervalRow Row(string group, Contrast contrast, double low, double high) =>
        new(
            group,
            $"{contrast.Subject.Approach} / {contrast.Subject.Method}",
            _styles.Of(contrast.Subject),
            contrast.Ratio,
            Math.Max(low, IntervalEnds.Low(contrast)),
            Math.Min(high, IntervalEnds.High(contrast)),
            contrast.Bound
        );

    private static Axis TimeAxis(TimeGrid grid, string label) =>
        new(label, grid.LowNs / NsPerMs, grid.HighNs / NsPerMs, grid.IsLogarithmic);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
