// SPDX-License-Identifier: MIT

using Reaplab.Foundation;
using Reaplab.Ssh;

namespace Reaplab.Tests.Ssh;

public sealed class SshSessionFactoriesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    private Workspace Workspace => new(root, root);

    [Fact]
    public void Without_plug_ins_there_is_openssh()
    {
        Assert.Equal("openssh", Assert.Single(SshSessionFactories.Discover(Workspace)).Name);
        Assert.Equal("openssh", SshSessionFactories.Choose(Workspace, "OpenSSH").Name);
    }

    [Fact]
    public void An_unknown_client_is_refused_by_name()
    {
        var failure = Assert.Throws<ReaplabException>(() => SshSessionFactories.Choose(Workspace, "putty"));
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Contains("'putty'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("openssh", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_plug_in_is_named()
    {
        var folder = Path.Combine(Workspace.Plugins, "Broken");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "Broken.dll"), "no assembly");
        var failure = Assert.Throws<InfrastructureException>(() => SshSessionFactories.Discover(Workspace));
        Assert.Contains("Broken.dll", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_plug_in_is_passed_over()
    {
        Directory.CreateDirectory(Path.Combine(Workspace.Plugins, "notes"));
        Assert.Single(SshSessionFactories.Discover(Workspace));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
