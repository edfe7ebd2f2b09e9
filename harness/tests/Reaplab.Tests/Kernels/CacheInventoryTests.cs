// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Kernels;

namespace Reaplab.Tests.Kernels;

public sealed class CacheInventoryTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("reaplab-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_unused_longest_goes_first_and_only_as_much_as_needed()
    {
        Add("kernels/old/bzImage", 1000, daysAgo: 3);
        Add("sources/6.12/linux/Makefile", 1000, daysAgo: 1);
        Add("images/middle.cpio", 1000, daysAgo: 2);
        var inventory = new CacheInventory(new Workspace(folder, folder));
        Assert.Equal(["old", "middle.cpio", "6.12"], inventory.List().Select(entry => entry.Name));
        Assert.Empty(inventory.Prune(3000, TestContext.Current.CancellationToken));

        var removed = inventory.Prune(1500, TestContext.Current.CancellationToken);
        Assert.Equal(["old", "middle.cpio"], removed.Select(entry => entry.Name));
        Assert.Equal(["6.12"], inventory.List().Select(entry => entry.Name));
    }

    private void Add(string path, int bytes, int daysAgo)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, new byte[bytes]);
        var parts = path.Split('/');
        var entry = Path.Combine(folder, parts[0], parts[1]);
        if (Directory.Exists(entry))
        {
            Directory.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddDays(-daysAgo));
        }
        else
        {
            File.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddDays(-daysAgo));
        }
    }
}
