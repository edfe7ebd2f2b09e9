// SPDX-License-Identifier: MIT
using Reaplab.Analysis;
using Reaplab.Reports.Figures;
using Reaplab.Tests.Analysis;
using Reaplab.Trials;

namespace Reaplab.Tests.Reports;

public sealed class StyleCatalogTests
{
    private static readonly RunManifest Manifest = SyntheticRun.Create(1, SyntheticPlans.Whole).Manifest;

    /// <summary>A killer judged against a locked one, and that one judged against a plain one, share a plot.</summary>
    [Fact]
    public void Methods_that_share_a_plot_look_different()
    {
        var styles = new StyleCatalog(Manifest);
        foreach (var family in new[] { "kill", "killer" })
        {
            var methods = Manifest.Methods.Where(method =>
                method.Name.StartsWith("killer", StringComparison.Ordinal) == (family == "killer")
            );
            var looks = methods.Select(method => styles.Of(new Cell("stock", method.Name, "idle"))).ToList();
            Assert.True(looks.Count > 3);
            Assert.Equal(looks.Count, looks.Distinct().Count());
        }
    }

    [Fact]
    public void Thirty_methods_look_different_too()
    {
        var reference = Manifest.Methods.First(method => method.Name == "kill");
        var styles = new StyleCatalog(
            Manifest with
            {
                Methods =
                [
                    reference,
                    .. Enumerable.Range(0, 30).Select(i => reference with { Name = $"m{i}", Reference = "kill" }),
                ],
            }
        );
        var looks = Enumerable.Range(0, 30).Select(i => styles.Of(new Cell("stock", $"m{i}", "idle")));
        Assert.Equal(30, looks.Distinct().Count());
    }
}
