// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Tests.Foundation;

public sealed class YamlFileTests
{
    public sealed class Sample
    {
        public required Located<string> Name { get; init; }

        public Located<int>? Optional { get; init; }

        public TimeSpan Limit { get; init; }

        public IReadOnlyList<Located<int>> Numbers { get; init; } = [];

        public IReadOnlyDictionary<string, string> Words { get; init; } = new Dictionary<string, string>();
    }

    [Fact]
    public void Values_know_their_lines()
    {
        var read = YamlFile.Parse<Sample>(
            "name: a\nlimit: 300ms\nnumbers:\n  - 1\n  - 2\nwords: {a: b}\noptional: 7\n",
            "x.yaml"
        );
        Assert.Equal(new Located<string>("a", 1), read.Name);
        Assert.Equal(TimeSpan.FromMilliseconds(300), read.Limit);
        Assert.Equal([new Located<int>(1, 4), new Located<int>(2, 5)], read.Numbers);
        Assert.Equal("b", read.Words["a"]);
        Assert.Equal(new Located<int>(7, 7), read.Optional);
    }

    [Theory]
    [InlineData("name: a\nnmae: b\n", "x.yaml:2: unknown key 'nmae'")]
    [InlineData("limit: 3s\n", "x.yaml:1: ")]
    [InlineData("name: a\nlimit: soon\n", "x.yaml:2: 'soon' is not a time")]
    [InlineData("name: a\nnumbers: [1, two]\n", "x.yaml:2: ")]
    [InlineData("name: a\nname: b\n", "x.yaml:2: ")]
    [InlineData("name: [\n", "x.yaml:")]
    [InlineData("", "x.yaml: the file is empty")]
    public void What_is_wrong_is_named_with_file_and_line(string yaml, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => YamlFile.Parse<Sample>(yaml, "x.yaml"));
        Assert.StartsWith(expected, error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }
}
