// SPDX-License-Identifier: MIT

using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Reaplab.Foundation;

/// <summary>
/// Reads a YAML file strictly: unknown keys, missing required members and values of the wrong kind are errors that name
/// the file and line. Keys are written with underscores.
/// </summary>
public static class YamlFile
{
    private static readonly IDeserializer Deserializer = new DeserializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .WithTypeConverter(new TimeSpanConverter())
        .WithNodeDeserializer(new LocatedDeserializer(), where => where.OnTop())
        .WithNodeDeserializer(new ReadOnlyCollectionDeserializer(), where => where.OnTop())
        .WithEnforceRequiredMembers()
        .WithDuplicateKeyChecking()
        .Build();

    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">Class with a parameterless constructor; its properties are the keys.</typeparam>
    /// <param name="file">Path of the file.</param>
    /// <exception cref="ConfigurationException">It is missing or says something else.</exception>
    public static T Load<T>(string file)
        where T : class
    {
        if (!File.Exists(file))
        {
            throw new ConfigurationException(file, 0, "there is no such file");
        }

        return Parse<T>(File.ReadAllText(file), file);
    }

    /// <summary>Reads YAML text; <paramref name="file"/> stands in error messages.</summary>
    /// <typeparam name="T">Class with a parameterless constructor; its properties are the keys.</typeparam>
    /// <param name="text">The YAML.</param>
    /// <param name="file">Where it came from.</param>
    /// <exception cref="ConfigurationException">It does not say a <typeparamref name="T"/>.</exception>
    public static T Parse<T>(string text, string file)
        where T : class
    {
        try
        {
            return Deserializer.Deserialize<T>(text) ?? throw new ConfigurationException(file, 0, "the file is empty");
        }
        catch (YamlException exception)
        {
            var innermost = exception as Exception;
            while (innermost.InnerException is not null)
            {
                innermost = innermost.InnerException;
            }

            throw new ConfigurationException(file, exception.Start.Line, Explain(innermost.Message), exception);
        }
    }

    /// <summary>YamlDotNet speaks of .NET properties and types; the user wrote keys.</summary>
    private static string Explain(string message)
    {
        var unknown = System.Text.RegularExpressions.Regex.Match(
            message,
            "^Property '(?<key>[^']+)' not found on type '(?<type>[^']+)'",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
        return unknown.Success
            ? $"unknown key '{unknown.Groups["key"].Value}' ({unknown.Groups["type"].Value.Split('.')[^1]} has no such key)"
            : message;
    }

    private sealed class TimeSpanConverter : IYamlTypeConverter
    {
        public bool Accepts(Type type) => type == typeof(TimeSpan) || type == typeof(TimeSpan?);

        public object ReadYaml(IParser parser, Type type, ObjectDeserializer rootDeserializer)
        {
            var scalar = parser.Consume<Scalar>();
            return Duration.TryParse(scalar.Value, out var duration)
                ? duration
                : throw new YamlException(
                    scalar.Start,
                    scalar.End,
                    $"'{scalar.Value}' is not a time such as 2s, 300ms or 10min"
                );
        }

        public void WriteYaml(IEmitter emitter, object? value, Type type, ObjectSerializer serializer) =>
            throw new NotSupportedException("YAML is only read here");
    }

    /// <summary>Definitions expose read-only collections; YamlDotNet itself fills only those that can be written.</summary>
    private sealed class ReadOnlyCollectionDeserializer : INodeDeserializer
    {
        public bool Deserialize(
            IParser reader,
            Type expectedType,
            Func<IParser, Type, object?> nestedObjectDeserializer,
            out object? value,
            ObjectDeserializer rootDeserializer
        )
        {
            value = null;
            if (!expectedType.IsGenericType)
            {
                return false;
            }

            var definition = expectedType.GetGenericTypeDefinition();
            var concrete =
                definition == typeof(IReadOnlyList<>) ? typeof(List<>)
                : definition == typeof(IReadOnlyDictionary<,>) ? typeof(Dictionary<,>)
                : null;
            if (concrete is null)
            {
                return false;
            }

            value = nestedObjectDeserializer(reader, concrete.MakeGenericType(expectedType.GetGenericArguments()));
            return true;
        }
    }

    private sealed class LocatedDeserializer : INodeDeserializer
    {
        public bool Deserialize(
            IParser reader,
            Type expectedType,
            Func<IParser, Type, object?> nestedObjectDeserializer,
            out object? value,
            ObjectDeserializer rootDeserializer
        )
        {
            var located = Nullable.GetUnderlyingType(expectedType) ?? expectedType;
            if (!located.IsGenericType || located.GetGenericTypeDefinition() != typeof(Located<>))
            {
                value = null;
                return false;
            }

            var line = reader.Current?.Start.Line ?? 0;
            var inner = nestedObjectDeserializer(reader, located.GetGenericArguments()[0]);
            value = Activator.CreateInstance(located, inner, line);
            return true;
        }
    }
}
