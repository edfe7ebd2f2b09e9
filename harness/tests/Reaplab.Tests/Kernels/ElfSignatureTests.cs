// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Kernels;

public sealed class ElfSignatureTests : IDisposable
{
    private const string BugTable =
        "struct bug { int address, file; unsigned short line, flags; };\n"
        + "__attribute__((section(\"__bug_table\"), used)) static struct bug bug = {1, 2, LINE, FLAGS};\n";

    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Debug_information_and_notes_do_not_count()
    {
        const string Program = "int answer(void) { return 42; }\nint main(void) { return answer(); }\n";
        var plain = await CompileAsync(Program, "-O2", "-Wl,--build-id=none");
        var debug = await CompileAsync(Program, "-O2", "-g", "-Wl,--build-id=none");
        Assert.Equal(plain, debug);
    }

    [Fact]
    public async Task One_changed_constant_counts()
    {
        var one = await CompileAsync("int main(void) { return 42; }\n", "-O2");
        var other = await CompileAsync("int main(void) { return 43; }\n", "-O2");
        Assert.NotEqual(one, other);
    }

    [Fact]
    public async Task Line_numbers_of_the_bug_table_do_not_count_but_its_flags_do()
    {
        var one = await CompileAsync(BugTable, "-c", "-DLINE=10", "-DFLAGS=1");
        Assert.Equal(one, await CompileAsync(BugTable, "-c", "-DLINE=11", "-DFLAGS=1"));
        Assert.NotEqual(one, await CompileAsync(BugTable, "-c", "-DLINE=10", "-DFLAGS=3"));
    }

    [Fact]
    public void A_file_that_is_no_elf_file_is_named()
    {
        var path = Path.Combine(folder, "text");
        File.WriteAllText(path, "not an ELF file, but long enough to hold a header if it were one, says the test\n");
        var error = Assert.Throws<InfrastructureException>(() => ElfSignature.Compute(path));
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public async Task A_file_that_is_cut_short_is_named()
    {
        _ = await CompileAsync("int main(void) { return 42; }\n");
        var path = Path.Combine(folder, "program");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..2000]);
        Assert.Throws<InfrastructureException>(() => ElfSignature.Compute(path));
    }

    private async Task<string> CompileAsync(string program, params string[] options)
    {
        var output = Path.Combine(folder, "program");
        await ProcessRunner.RunCheckedAsync(
            new ProcessRequest("gcc", [.. options, "-x", "c", "-o", output, "-"], TimeSpan.FromSeconds(60))
            {
                StandardInput = program,
            },
            TestContext.Current.CancellationToken
        );
        return ElfSignature.Compute(output);
    }
}
