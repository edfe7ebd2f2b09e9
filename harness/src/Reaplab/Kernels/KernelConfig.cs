// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Kernels;

/// <summary>A kernel configuration: symbols by name, the last request winning, as when fragments are merged.</summary>
internal sealed class KernelConfig
{
    private readonly Dictionary<string, ConfigSymbol> symbols = new(StringComparer.Ordinal);

    /// <summary>All symbols in alphabetical order.</summary>
    public IEnumerable<ConfigSymbol> Symbols => symbols.Values.OrderBy(symbol => symbol.Name, StringComparer.Ordinal);

    /// <summary>Merges fragments and single symbols in the order given.</summary>
    /// <exception cref="ConfigurationException">A line of a fragment is no request.</exception>
    public static KernelConfig Merge(IEnumerable<string> fragments, IEnumerable<ConfigSymbol> more)
    {
        var config = new KernelConfig();
        foreach (var fragment in fragments)
        {
            foreach (var (text, line) in ReadLines(fragment))
            {
                if (ConfigSymbol.TryParse(text, fragment, line) is { } symbol)
                {
                    config.symbols[symbol.Name] = symbol;
                }
                else if (text.Length > 0 && !text.StartsWith('#'))
                {
                    _ = ConfigSymbol.Parse(text, fragment, line);
                }
            }
        }

        foreach (var symbol in more)
        {
            config.symbols[symbol.Name] = symbol;
        }

        return config;
    }

    /// <summary>Reads a finished .config.</summary>
    public static KernelConfig Load(string file)
    {
        var config = new KernelConfig();
        foreach (var (text, line) in ReadLines(file))
        {
            if (ConfigSymbol.TryParse(text, file, line) is { } symbol)
            {
                config.symbols[symbol.Name] = symbol;
            }
        }

        return config;
    }

    /// <summary>Value of a symbol; "n" where the configuration does not mention it.</summary>
    public string Get(string name) => symbols.TryGetValue(name, out var symbol) ? symbol.Value : "n";

    /// <summary>Requests that this finished configuration does not fulfil.</summary>
    /// <param name="requested">What the fragments ask for.</param>
    public IReadOnlyList<ConfigSymbol> FindLost(KernelConfig requested) =>
        [.. requested.Symbols.Where(symbol => Get(symbol.Name) != symbol.Value)];

    /// <summary>Names of the symbols that differ between two finished configurations.</summary>
    public IReadOnlyList<string> FindDifferences(KernelConfig other) =>
        [
            .. symbols
                .Keys.Union(other.symbols.Keys, StringComparer.Ordinal)
                .Where(name => Get(name) != other.Get(name))
                .Order(StringComparer.Ordinal),
        ];

    private static IEnumerable<(string Text, long Line)> ReadLines(string file) =>
        File.ReadLines(file).Select((text, index) => (text.TrimEnd(), index + 1L));
}
