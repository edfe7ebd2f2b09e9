// SPDX-License-Identifier: MIT
using Reaplab.BootTests.Support;
using Reaplab.Cli;
using Reaplab.Foundation;

namespace Reaplab.BootTests;

/// <summary>Somebody's series from mail to table, by the command a user types.</summary>
public sealed class TryTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("reaplab-boot-").FullName;

    /// <summary>The checkout again, by links, with a results folder of its own.</summary>
    public TryTests()
    {
        foreach (var folder in new[] { "harness", "kernel-patches", "vm-images", "workloads" })
        {
            Directory.CreateSymbolicLink(Path.Combine(root, folder), Path.Combine(Laboratory.Workspace.Root, folder));
        }

        Environment.SetEnvironmentVariable("REAPLAB_ROOT", root);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("REAPLAB_ROOT", null);
        Directory.Delete(root, recursive: true);
    }

    [Fact(Timeout = 1_800_000)]
    public async Task A_series_in_a_mailbox_ends_as_a_table_for_its_cover_letter()
    {
        var (status, output) = await TryAsync("pr-info.mbox");
        Assert.True(status == (int)ExitCode.Success, $"exit {status}:\n{output}");
        var table = Path.Combine(root, "results", "latest", "cover-letter.txt");
        var text = await File.ReadAllTextAsync(table, TestContext.Current.CancellationToken);
        Assert.Contains("mm, init: say it differently", text, StringComparison.Ordinal);
        Assert.Contains("process_mrelease", text, StringComparison.Ordinal);
        Assert.Contains(text, output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 1_800_000)]
    public async Task A_series_that_panics_at_boot_is_a_crash_of_the_kernel_under_test()
    {
        var (status, output) = await TryAsync("panic.patch");
        Assert.True(status == (int)ExitCode.KernelCrash, $"exit {status}:\n{output}");
        Assert.Contains("No program is run", output, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Output)> TryAsync(string series)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var captured = new StringWriter();
        using var both = TextWriter.Synchronized(captured);
        Console.SetOut(both);
        Console.SetError(both);
        try
        {
            var file = Path.Combine(AppContext.BaseDirectory, "Fixtures", series);
            var status = await ReaplabProgram.RunAsync(["try", file, "--plan", "smoke", "--accel", "tcg"]);
            return (status, captured.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
