// SPDX-License-Identifier: MIT
using System.Globalization;
using Reaplab.Tests.Support;

namespace Reaplab.Tests.Analysis;

/// <summary>Rows that Fixtures/statistics.R wrote: fields by comma, the numbers of a field by space.</summary>
internal static class Fixture
{
    public static IEnumerable<string[]> Rows(string file) =>
        File.ReadLines(SourceFile.Beside(Path.Combine("Fixtures", file)))
            .Where(line => !line.StartsWith('#'))
            .Skip(1)
            .Select(line => line.Split(','));

    public static double Number(string text) =>
        text == "Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);

    public static double[] Numbers(string text) => text.Split(' ').Select(Number).ToArray();
}
