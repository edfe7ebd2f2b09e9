// SPDX-License-Identifier: MIT
using System.IO.Compression;
using System.Text;
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Kernels;

public sealed class SeriesImporterTests : IDisposable
{
    private const string Diff =
        "---\n kernel/main.c | 2 +-\n\ndiff --git a/kernel/main.c b/kernel/main.c\n"
        + "--- a/kernel/main.c\n+++ b/kernel/main.c\n@@ -1 +1 @@\n-one\n+two\n-- \n2.39\n\n";

    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    private string Target => Path.Combine(folder, "target");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_mailbox_in_any_order_with_cover_letter_and_replies_is_a_series_in_order()
    {
        var series = await ImportAsync(
            Mail("[PATCH v2 2/2] mm: second"),
            Mail("Re: [PATCH v2 1/2] mm: first", Diff),
            Mail("[PATCH v2 0/2] mm: free it sooner", "What and why.\n\n"),
            Mail("[RFC][PATCH v2 1/2] mm: first")
        );
        Assert.Equal("mm: free it sooner", series.Title);
        Assert.Equal(["0001-mm-first.patch", "0002-mm-second.patch"], series.Patches.Select(Path.GetFileName));
        Assert.Contains("mm: second", File.ReadAllText(series.Patches[1]));
        Assert.Null(series.BaseCommit);
        Assert.Equal(2, Directory.GetFiles(Target).Length);
        Assert.Empty(Directory.GetDirectories(Target));
    }

    [Fact]
    public async Task A_packed_mailbox_is_unpacked()
    {
        var file = Path.Combine(folder, "t.mbox.gz");
        await using (var packed = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        {
            packed.Write(Encoding.UTF8.GetBytes(Mail("[PATCH] mm: only one")));
        }

        var series = await new SeriesImporter(Target).ImportAsync(file, null, TestContext.Current.CancellationToken);
        Assert.Equal("mm: only one", series.Title);
    }

    [Fact]
    public async Task A_mail_in_quoted_printable_is_a_patch()
    {
        var mail = Mail("=?UTF-8?q?=5BPATCH=5D_mm=3A_sooner?=")
            .Replace("Subject:", "Content-Transfer-Encoding: quoted-printable\nSubject:", StringComparison.Ordinal)
            .Replace("+two", "+t=77o", StringComparison.Ordinal);
        Assert.Equal("mm: sooner", (await ImportAsync(mail)).Title);
    }

    [Fact]
    public async Task A_patch_that_is_missing_is_named()
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() =>
            ImportAsync(Mail("[PATCH 1/3] mm: first"), Mail("[PATCH 3/3] mm: third"))
        );
        Assert.EndsWith("patch 2 of 3 is missing", error.Message);
    }

    [Fact]
    public async Task Two_versions_in_one_mailbox_are_refused()
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() =>
            ImportAsync(Mail("[PATCH 1/1] mm: first"), Mail("[PATCH v2 1/1] mm: first"))
        );
        Assert.Contains("holds patch 1 more than once", error.Message);
    }

    [Fact]
    public async Task A_mailbox_without_a_patch_is_refused()
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() =>
            ImportAsync(Mail("[PATCH 0/1] mm: talk", "Words.\n\n"))
        );
        Assert.Contains("holds no patch", error.Message);
    }

    [Fact]
    public async Task A_folder_is_read_in_the_order_of_its_numbers_and_left_as_it_is()
    {
        var given = Path.Combine(folder, "given");
        MiniKernel.Write(given, "0001-b.patch", Mail("[PATCH 1/2] b"));
        MiniKernel.Write(given, "0002-a.patch", Mail("[PATCH 2/2] a"));
        MiniKernel.Write(given, "0000-cover-letter.patch", Mail("[PATCH 0/2] both", "Words.\n\n"));
        var series = await new SeriesImporter(Target).ImportAsync(given, null, TestContext.Current.CancellationToken);
        Assert.Equal("both", series.Title);
        Assert.Equal(["0001-b.patch", "0002-a.patch"], series.Patches.Select(Path.GetFileName));
        Assert.Equal(3, Directory.GetFiles(given).Length);
    }

    [Fact]
    public async Task A_range_of_commits_is_a_series_on_its_merge_base()
    {
        using var mini = new MiniKernel();
        var origin = mini.Git("rev-parse", "HEAD").Trim();
        mini.Git("checkout", "--quiet", "-b", "topic");
        MiniKernel.Write(mini.Tree, "kernel/main.c", "int answer(void)\n{\n\treturn 43;\n}\n");
        mini.Commit("change the answer");
        var series = await new SeriesImporter(Target).ImportAsync(
            "main..topic",
            mini.Tree,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(origin, series.BaseCommit);
        Assert.Equal("change the answer", series.Title);
        Assert.Single(series.Patches);
        var error = await Assert.ThrowsAsync<ReaplabException>(() =>
            new SeriesImporter(Target).ImportAsync("main..topic", null, TestContext.Current.CancellationToken)
        );
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("KERNEL_TREE=DIR", error.Message);
    }

    [Theory]
    [InlineData("no-such-file.mbox")]
    [InlineData("no..range")]
    public async Task What_is_no_series_is_a_usage_error(string named)
    {
        var error = await Assert.ThrowsAnyAsync<ReaplabException>(() =>
            new SeriesImporter(Target).ImportAsync(named, folder, TestContext.Current.CancellationToken)
        );
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    private Task<ImportedSeries> ImportAsync(params string[] mails)
    {
        var file = Path.Combine(folder, "series.mbox");
        File.WriteAllText(file, string.Concat(mails));
        return new SeriesImporter(Target).ImportAsync(file, null, TestContext.Current.CancellationToken);
    }

    private static string Mail(string subject, string body = Diff) =>
        "From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: A Developer <a@example.org>\n"
        + $"Date: Wed, 1 Oct 2025 10:00:00 +0000\nSubject: {subject}\n\nWhy.\n\n{body}";
}
