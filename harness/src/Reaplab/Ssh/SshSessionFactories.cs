// SPDX-License-Identifier: MIT

using Reaplab.Foundation;

namespace Reaplab.Ssh;

/// <summary>
/// The SSH clients there are. SSH.NET is the default where its plug-in was built, the OpenSSH client needs no package
/// and is there everywhere.
/// </summary>
public static class SshSessionFactories
{
    /// <summary>All clients found, the preferred first.</summary>
    /// <param name="workspace">Names the folder of plug-ins.</param>
    /// <exception cref="InfrastructureException">A plug-in is there but cannot be loaded.</exception>
    public static IReadOnlyList<ISshSessionFactory> Discover(Workspace workspace) =>
        PluginLoader
            .Load<ISshSessionFactory>(workspace.Plugins)
            .Append(new OpenSshSessionFactory())
            .OrderBy(factory => factory.Preference)
            .ToList();

    /// <summary>The client asked for, or the preferred one.</summary>
    /// <param name="workspace">Names the folder of plug-ins.</param>
    /// <param name="name">"openssh", "ssh.net" or null.</param>
    /// <exception cref="ReaplabException">There is none of this name.</exception>
    public static ISshSessionFactory Choose(Workspace workspace, string? name)
    {
        var found = Discover(workspace);
        return name is null
            ? found[0]
            : found.FirstOrDefault(factory => factory.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw new ReaplabException(
                    $"there is no SSH client '{name}' here, only {string.Join(" and ", found.Select(factory => factory.Name))}; "
                        + "'make plugins' builds ssh.net where the package feed has SSH.NET",
                    ExitCode.Usage
                );
    }
}
