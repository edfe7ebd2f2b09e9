// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Images;
using Reaplab.Tests.Kernels;
using Reaplab.Tests.Support;

namespace Reaplab.Tests.Images;

public sealed class ImageBuilderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_image_holds_what_init_needs_and_the_workloads_and_is_reproducible()
    {
        var workspace = MakeWorkspace();
        var first = await BuildAsync(workspace);
        var second = await BuildAsync(workspace);
        Assert.Equal(first, second);
        var list = await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("cpio", ["--list", "--quiet", "--file", first.InitrdPath], TimeSpan.FromSeconds(30)),
            TestContext.Current.CancellationToken
        );
        var paths = list.StandardOutput.Split('\n');
        string[] expected =
        [
            "init",
            "etc/fstab",
            "etc/passwd",
            "bin/busybox",
            "bin/sh",
            "bin/mount",
            "bin/dropbear",
            "dev/console",
            "mnt/sys-fs/cgroup-v1/freezer",
            "reaplab/agent",
            "reaplab/victims/hog",
        ];
        Assert.All(expected, path => Assert.Contains(path, paths));
        Assert.Contains(paths, path => path.EndsWith("/libc.so.6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_workload_that_does_not_compile_shows_the_compilers_words()
    {
        var workspace = MakeWorkspace();
        MiniKernel.Write(workspace.Workloads, "Makefile", "all:\n\t@echo 'agent.c:7: error: oops' >&2; false\n");
        var error = await Assert.ThrowsAsync<ProcessFailedException>(() => BuildAsync(workspace));
        Assert.Contains("agent.c:7: error: oops", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public async Task A_program_the_host_lacks_is_named_with_its_package()
    {
        var workspace = MakeWorkspace();
        var contents = Path.Combine(workspace.VmImages, "contents.yaml");
        File.WriteAllText(
            contents,
            File.ReadAllText(contents).Replace("/usr/sbin/dropbear", "/nowhere/dropbear", StringComparison.Ordinal)
        );
        var error = await Assert.ThrowsAsync<InfrastructureException>(() => BuildAsync(workspace));
        Assert.Contains("none of /nowhere/dropbear; install the package dropbear-bin", error.Message);
    }

    [Fact]
    public async Task A_mode_that_is_none_names_its_line()
    {
        var workspace = MakeWorkspace();
        var contents = Path.Combine(workspace.VmImages, "contents.yaml");
        var lines = File.ReadAllLines(contents);
        var line = Array.FindIndex(lines, text => text.Contains("path: /proc,", StringComparison.Ordinal));
        lines[line] = lines[line].Replace("0555", "0999", StringComparison.Ordinal);
        File.WriteAllLines(contents, lines);
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => BuildAsync(workspace));
        Assert.Equal(line + 1, error.Line);
        Assert.Contains("'0999' is not a mode", error.Message);
    }

    /// <summary>vm-images/ of this checkout beside workloads that compile in no time.</summary>
    private Workspace MakeWorkspace()
    {
        var real = Workspace.Find(SourceFile.Beside("."));
        var workspace = new Workspace(Path.Combine(folder, "checkout"), Path.Combine(folder, "cache"));
        foreach (var file in Directory.EnumerateFiles(real.VmImages))
        {
            MiniKernel.Write(workspace.VmImages, Path.GetFileName(file), File.ReadAllText(file));
        }

        MiniKernel.Write(workspace.Workloads, "main.c", "int main(void) { return 0; }\n");
        MiniKernel.Write(
            workspace.Workloads,
            "Makefile",
            "all:\n\t@mkdir -p $(OUT)/victims; gcc -g -o $(OUT)/agent main.c; gcc -g -o $(OUT)/victims/hog main.c\n"
        );
        return workspace;
    }

    private static Task<GuestImage> BuildAsync(Workspace workspace) =>
        new ImageBuilder(workspace).BuildAsync(new RecordedProgress(), TestContext.Current.CancellationToken);
}
