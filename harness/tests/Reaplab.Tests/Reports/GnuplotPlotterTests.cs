// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Xml.Linq;
using Reaplab.Analysis;
using Reaplab.Reports.Figures;
using Reaplab.Reports.Plots;
using Reaplab.Tests.Analysis;

namespace Reaplab.Tests.Reports;

public sealed class GnuplotPlotterTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly string folder = Environment.GetEnvironmentVariable("REAPLAB_KEEP_PLOTS") is { Length: > 0 } kept
        ? Directory.CreateDirectory(kept).FullName
        : Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    private static IReadOnlyList<Figure> Figures(int blocks)
    {
        var data = SyntheticRun.Create(blocks, SyntheticPlans.Whole);
        var analysis = RunAnalyzer.Analyze(data);
        return new FigureBuilder(analysis).Build(MemoryCurveReader.Read(data, analysis));
    }

    private static string TextOf(string svg) =>
        string.Join('\n', XDocument.Load(svg).Descendants(Svg + "text").Select(text => text.Value.Trim()));

    [Fact]
    public async Task Every_plot_holds_its_text_and_says_that_it_is_emulated()
    {
        var figures = Figures(10);
        var files = await new GnuplotPlotter().DrawAsync(figures, folder);

        Assert.Equal(figures.Count * 2, files.Count);
        Assert.All(figures, figure => Assert.Contains(Path.Combine(folder, $"{figure.Name}.png"), files));
        foreach (var figure in figures)
        {
            var text = TextOf(Path.Combine(folder, $"{figure.Name}.svg"));
            Assert.Contains(figure.Title, text);
            Assert.Contains("emulated (TCG)", text);
            Assert.All(Labels(figure), label => Assert.Contains(label, text));
        }
    }

    private static IEnumerable<string> Labels(Figure figure) =>
        figure switch
        {
            CurveFigure curves => curves
                .Curves.Select(curve => curve.Label)
                .Append(curves.X.Label)
                .Append(curves.Y.Label),
            IntervalFigure rows => rows.Rows.SelectMany(row => new[] { row.Group, row.Label }).Append(rows.X.Label),
            MatrixFigure matrix => matrix
                .Rows.SelectMany(row => row.Cells.OfType<MatrixCell>().Select(cell => cell.Text).Prepend(row.Label))
                .Concat(matrix.Columns)
                .Append(matrix.Legend),
            _ => throw new ArgumentOutOfRangeException(nameof(figure)),
        };

    /// <summary>Without fonts gnuplot draws a PNG without text and ends with status 0: two titles would look alike.</summary>
    [Fact]
    public async Task A_PNG_shows_its_text()
    {
        var one = Simple("one", "iiii");
        var other = Simple("other", "WWWW");
        await new GnuplotPlotter().DrawAsync([one, other], folder);
        Assert.NotEqual(
            await File.ReadAllBytesAsync(Path.Combine(folder, "one.png")),
            await File.ReadAllBytesAsync(Path.Combine(folder, "other.png"))
        );
    }

    [Fact]
    public async Task Script_and_data_lie_beside_the_plots_and_hold_no_path()
    {
        await new GnuplotPlotter().DrawAsync([Simple("one", "it's \"quoted\" \\ here")], folder);
        var script = await File.ReadAllTextAsync(Path.Combine(folder, "data", "one.gp"));
        Assert.True(File.Exists(Path.Combine(folder, "data", "one.dat")));
        Assert.DoesNotContain(folder, script);
        Assert.Contains("it's \"quoted\" \\ here", TextOf(Path.Combine(folder, "one.svg")));
    }

    /// <summary>As many rows and columns, and as long names, as a plan of all proposals has.</summary>
    [Fact]
    public async Task A_matrix_of_a_whole_debate_keeps_its_names_inside_and_apart()
    {
        string[] columns =
        [
            .. Enumerable.Range(10, 18).Select(i => $"idlers-{i}000-2-threads"),
            "idle",
            "killer-pressure (decision to kill)",
        ];
        string[] rows = [.. Enumerable.Range(10, 30).Select(i => $"mrelease-reap-kill / mrelease_kill_count_{i}")];
        var figure = new MatrixFigure(
            "debate",
            "Time until 90 % of the memory is free, relative to plain kill (or from decision to kill, to another killer)",
            "emulated (TCG): times are not comparable with hardware; 8 blocks, run 20260131-101112-debate-0a1b2c3d",
            Figures(10).OfType<MatrixFigure>().Single().Legend,
            columns,
            [
                .. rows.Select(
                    (label, row) =>
                        new MatrixRow(
                            label,
                            [
                                .. columns.Select(
                                    (_, column) =>
                                        (row + column) % 5 == 0
                                            ? null
                                            : new MatrixCell("<0.00123", "#0072b2", "#ffffff")
                                ),
                            ]
                        )
                ),
            ]
        );
        await new GnuplotPlotter().DrawAsync([figure], folder);
        var svg = XDocument.Load(Path.Combine(folder, "debate.svg"));
        var (width, height) = (
            Number(svg.Root!.Attribute("width")!.Value),
            Number(svg.Root!.Attribute("height")!.Value)
        );
        Assert.InRange(width, 1250, 2400);
        var texts = svg.Descendants(Svg + "text").Select(Placed).ToLookup(text => text.Text);
        Assert.All(rows, label => Assert.True(texts[label].Single().X - Length(label) > 0, label));
        Assert.All(
            columns,
            (label, index) =>
            {
                // From the middle of its column down to the right by 30 degrees, and not into the legend.
                var (_, x, y) = texts[label].Single();
                Assert.InRange(x + (Length(label) * Math.Cos(Math.PI / 6)), 0, width);
                Assert.InRange(y + (Length(label) / 2), 0, height - 20);
                Assert.True(index == 0 || x - texts[columns[index - 1]].Single().X > Length("<0.00123"), label);
            }
        );
        Assert.InRange(Length(figure.Legend), 0, width);
    }

    /// <summary>A character of the font takes 7 of 12 points' pixels on average.</summary>
    private static double Length(string text) => text.Length * 7.0;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A text and where gnuplot put it: its end (rows), its start (columns) or its middle.</summary>
    private static (string Text, double X, double Y) Placed(XElement text)
    {
        // transform="translate(X,Y) rotate(30)"
        var place = text.Parent!.Attribute("transform")!.Value.Split('(', ')')[1].Split(',');
        return (text.Value.Trim(), Number(place[0]), Number(place[1]));
    }

    private static CurveFigure Simple(string name, string title) =>
        new(
            name,
            title,
            "note",
            new Axis("x", 0, 1, IsLogarithmic: false),
            new Axis("y", 0, 1, IsLogarithmic: false),
            [new Curve("label", new SeriesStyle("#000000", 0, 0), [new CurvePoint(0, 0), new CurvePoint(1, 1)])]
        );

    public void Dispose()
    {
        if (!folder.Equals(Environment.GetEnvironmentVariable("REAPLAB_KEEP_PLOTS"), StringComparison.Ordinal))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
