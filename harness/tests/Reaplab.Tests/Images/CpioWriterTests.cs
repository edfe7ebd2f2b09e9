// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Images;

namespace Reaplab.Tests.Images;

public sealed class CpioWriterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_cpio_tool_reads_what_was_written()
    {
        Write(cpio =>
        {
            cpio.AddDevice("/dev/console", 0x180, 5, 1);
            cpio.AddFile("/etc/deep/er/hello", 0x1a4, "hello\n"u8);
            cpio.AddLink("/bin/sh", "/bin/busybox");
        });
        var list = await ListAsync("--list", "--verbose", "--numeric-uid-gid");
        Assert.Matches("(?m)^crw------- +1 0 +0 +5, +1 .* dev/console$", list);
        Assert.Matches("(?m)^drwxr-xr-x +2 0 +0 +0 .* etc/deep/er$", list);
        Assert.Matches("(?m)^-rw-r--r-- +1 0 +0 +6 .* etc/deep/er/hello$", list);
        Assert.Matches("(?m)^lrwxrwxrwx +1 0 +0 +12 .* bin/sh -> /bin/busybox$", list);
        Assert.Equal("hello\n", await ListAsync("--extract", "--to-stdout", "--quiet", "etc/deep/er/hello"));
    }

    [Fact]
    public void Equal_content_gives_equal_bytes_and_whole_blocks()
    {
        static void Content(CpioWriter cpio) => cpio.AddFile("/a/b", 0x1ed, "12345"u8);
        var first = Write(Content);
        Assert.Equal(first, Write(Content));
        Assert.Equal(0, first.Length % 512);
    }

    [Fact]
    public async Task A_folder_is_written_once_and_before_what_it_holds()
    {
        Write(cpio =>
        {
            cpio.AddDirectory("/root", 0x1c0);
            cpio.AddFile("/root/one", 0x180, "1"u8);
            cpio.AddFile("/root/two", 0x180, "2"u8);
        });
        Assert.Equal("root\nroot/one\nroot/two\n", await ListAsync("--list", "--quiet"));
    }

    private byte[] Write(Action<CpioWriter> fill)
    {
        using var stream = new MemoryStream();
        using (var cpio = new CpioWriter(stream))
        {
            fill(cpio);
        }

        File.WriteAllBytes(Path.Combine(folder, "archive"), stream.ToArray());
        return stream.ToArray();
    }

    private async Task<string> ListAsync(params string[] options)
    {
        var request = new ProcessRequest(
            "cpio",
            ["--file", Path.Combine(folder, "archive"), .. options],
            TimeSpan.FromSeconds(30)
        );
        return (await ProcessRunner.RunCheckedAsync(request, TestContext.Current.CancellationToken)).StandardOutput;
    }
}
