// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Reaplab.Foundation;

/// <summary>
/// Loads plug-ins: folders NAME under harness/plugins that hold NAME.dll and the packages it needs. A plug-in is built
/// against this library but nothing references it, so a machine whose package feed lacks its packages simply has none.
/// </summary>
public static class PluginLoader
{
    private static readonly ConcurrentDictionary<string, Assembly> Loaded = new(StringComparer.Ordinal);

    /// <summary>One instance of every public class in the plug-ins that is a <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">What the caller looks for; the classes need a parameterless constructor.</typeparam>
    /// <param name="pluginsDirectory">Folder of plug-in folders; may be missing.</param>
    /// <exception cref="InfrastructureException">A plug-in is there but cannot be loaded.</exception>
    public static IReadOnlyList<T> Load<T>(string pluginsDirectory)
        where T : class
    {
        if (!Directory.Exists(pluginsDirectory))
        {
            return [];
        }

        return Directory
            .EnumerateDirectories(pluginsDirectory)
            .Order(StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, Path.GetFileName(folder) + ".dll"))
            .Where(File.Exists)
            .SelectMany(Instances<T>)
            .ToList();
    }

    private static List<T> Instances<T>(string file)
        where T : class
    {
        try
        {
            var assembly = Loaded.GetOrAdd(file, static path => new Context(path).LoadFromAssemblyPath(path));
            return assembly
                .GetExportedTypes()
                .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(T).IsAssignableFrom(type))
                .Select(type => (T)Activator.CreateInstance(type)!)
                .ToList();
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or BadImageFormatException
                        or TypeLoadException
                        or MissingMethodException
                        or ReflectionTypeLoadException
                        or TargetInvocationException
            )
        {
            throw new InfrastructureException(
                $"plug-in {file} cannot be loaded: {exception.Message}; 'make plugins' builds it anew, deleting its folder does without it",
                exception
            );
        }
    }

    /// <summary>The plug-in's own packages come from its folder; the library and the framework are the program's own.</summary>
    private sealed class Context(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
    {
        private readonly AssemblyDependencyResolver resolver = new(file);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (Default.Assemblies.Any(known => known.GetName().Name == assemblyName.Name))
            {
                return null;
            }

            return resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path
                ? LoadUnmanagedDllFromPath(path)
                : nint.Zero;
    }
}
