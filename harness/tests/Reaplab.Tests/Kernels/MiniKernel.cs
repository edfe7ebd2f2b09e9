// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Kernels;

/// <summary>
/// A checkout with approaches and a "kernel" of one C file whose Makefile knows the targets the builder uses: the whole
/// way from series to cached kernel in tenths of a second.
/// </summary>
internal sealed class MiniKernel : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    public MiniKernel()
    {
        Workspace = new Workspace(Path.Combine(folder, "checkout"), Path.Combine(folder, "cache"));
        Write(Tree, "Kbuild", "");
        Write(Tree, "Kconfig", "config ALPHA\n\tbool\n\nconfig BETA\n\tbool\n");
        Write(Tree, "kernel/main.c", "int first(void)\n{\n\treturn 1;\n}\n\nint answer(void)\n{\n\treturn 42;\n}\n");
        Write(
            Tree,
            "Makefile",
            """
            tinyconfig:
            	@echo CONFIG_TINY=y >$(O)/.config
            olddefconfig:
            	@sed -n 's/^config /CONFIG_/p' Kconfig >$(O)/known
            	@grep -F -f $(O)/known $(O)/.config >$(O)/resolved; mv $(O)/resolved $(O)/.config
            bzImage:
            	@echo "  CC      kernel/main.o"
            	@gcc -O2 -c -o $(O)/vmlinux kernel/main.c
            	@mkdir -p $(O)/kernel; cp $(O)/vmlinux $(O)/kernel/main.o
            	@mkdir -p $(O)/arch/x86/boot; cp $(O)/vmlinux $(O)/arch/x86/boot/bzImage; touch $(O)/System.map
            headers:
            	@mkdir -p $(O)/usr/include; cp include/uapi/*.h $(O)/usr/include
            %.o:
            	@gcc -O2 $(if $(W),-Wall -Wextra) -c -o $(O)/$@ $(CURDIR)/$*.c

            """
        );
        Write(Tree, "scripts/kconfig/merge_config.sh", "#!/bin/sh\nshift 3\nbase=$1\nshift\ncat \"$@\" >>\"$base\"\n");
        File.SetUnixFileMode(
            Path.Combine(Tree, "scripts/kconfig/merge_config.sh"),
            UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite
        );
        Git("init", "--quiet", "--initial-branch=main");
        Commit("base");

        Write(Workspace.VmImages, "kernel-config/10-all.config", "# a comment\nCONFIG_ALPHA=y\n");
        Write(
            Workspace.KernelPatches,
            "bases/mini.yaml",
            "name: mini\ndebian_package: linux-source-mini\nconfig: [10-all]\n"
        );
        AddApproach(ApproachDefinition.Stock, "");
    }

    public Workspace Workspace { get; }

    public string Tree => Path.Combine(folder, "tree");

    public void AddApproach(string name, string more) =>
        Write(
            Workspace.KernelPatches,
            $"{name}/approach.yaml",
            $"name: {name}\ntitle: a test\nproposal: none\nsource: nowhere\nbases: [mini]\n{more}"
        );

    /// <summary>Makes the series of an approach: one patch that rewrites a file of the tree.</summary>
    public void AddPatch(string approach, string file, Func<string, string> edit)
    {
        var path = Path.Combine(Tree, file);
        File.WriteAllText(path, edit(File.Exists(path) ? File.ReadAllText(path) : ""));
        Commit($"{approach}: change {file}");
        Git("format-patch", "--quiet", "-1", "-o", Path.Combine(Workspace.KernelPatches, approach));
        Git("reset", "--quiet", "--hard", "HEAD~1");
    }

    /// <summary>Makes the series of an approach: a patch for each edit of kernel/main.c, on top of each other.</summary>
    public void AddSeries(string approach, params Func<string, string>[] edits)
    {
        var path = Path.Combine(Tree, "kernel", "main.c");
        foreach (var (number, edit) in edits.Select((each, index) => (index + 1, each)))
        {
            File.WriteAllText(path, edit(File.ReadAllText(path)));
            Commit($"{approach}: step {number}");
        }

        Git("format-patch", "--quiet", $"-{edits.Length}", "-o", Path.Combine(Workspace.KernelPatches, approach));
        Git("reset", "--quiet", "--hard", $"HEAD~{edits.Length}");
    }

    public Task<IReadOnlyList<PatchCheck>> CheckEachPatchAsync(string approach) =>
        new KernelBuilder(Workspace) { IgnoreHostLock = true }.CheckEachPatchAsync(
            approach,
            "mini",
            new KernelBuildOptions(1, Tree),
            new RecordedProgress(),
            TestContext.Current.CancellationToken
        );

    public Task<IReadOnlyList<KernelBuild>> BuildAsync(
        string[] approaches,
        bool allowDirty = false,
        IStageProgress? progress = null,
        KernelFlavour flavour = KernelFlavour.Timing,
        string? commit = null
    ) =>
        new KernelBuilder(Workspace) { IgnoreHostLock = true }.BuildAsync(
            approaches,
            "mini",
            flavour,
            new KernelBuildOptions(1, Tree, allowDirty, commit),
            progress ?? new RecordedProgress(),
            TestContext.Current.CancellationToken
        );

    public void Commit(string message)
    {
        Git("add", "--all");
        Git("-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "--quiet", "--message", message);
    }

    public string Git(params string[] arguments) =>
        ProcessRunner
            .RunCheckedAsync(new ProcessRequest("git", arguments, Limit) { WorkingDirectory = Tree })
            .GetAwaiter()
            .GetResult()
            .StandardOutput;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static void Write(string root, string file, string text)
    {
        var path = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
