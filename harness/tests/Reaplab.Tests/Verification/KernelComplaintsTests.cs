// SPDX-License-Identifier: MIT
using Reaplab.Machines;
using Reaplab.Verification;

namespace Reaplab.Tests.Verification;

public sealed class KernelComplaintsTests
{
    private static readonly KernelMessage Flush = new(
        KernelMessageKind.Warning,
        "WARNING: at kernel/workqueue.c:3764 check_flush_dependency"
    );

    private readonly KernelComplaints complaints = new();

    [Theory]
    [InlineData(KernelMessageKind.Warning)]
    [InlineData(KernelMessageKind.Stall)]
    [InlineData(KernelMessageKind.Oops)]
    [InlineData(KernelMessageKind.Panic)]
    public void What_nobody_announced_is_a_finding(KernelMessageKind kind) =>
        Assert.Single(complaints.FindUnannounced([new KernelMessage(kind, "something")]));

    [Fact]
    public void A_kill_by_the_kernels_own_killer_is_none() =>
        Assert.Empty(
            complaints.FindUnannounced([
                new KernelMessage(KernelMessageKind.OutOfMemory, "Memory cgroup out of memory: Killed process (x)"),
            ])
        );

    [Theory]
    [InlineData("# expects kernel warning: check_flush_dependency")]
    [InlineData("    # expects kernel warning: check_flush_dependency ")]
    public void An_announced_warning_is_none(string line)
    {
        complaints.Take("ok 1 - something else");
        complaints.Take(line);
        Assert.Empty(complaints.FindUnannounced([Flush, Flush]));
        Assert.Single(
            complaints.FindUnannounced([
                Flush,
                new KernelMessage(KernelMessageKind.Warning, "WARNING: at fs/ext4/inode.c:5190 ext4_write_inode"),
            ])
        );
    }

    [Theory]
    [InlineData("# expects kernel warning: ")]
    [InlineData("# the kernel will say check_flush_dependency")]
    [InlineData("expects kernel warning: check_flush_dependency")]
    public void Nothing_else_announces(string line)
    {
        complaints.Take(line);
        Assert.Single(complaints.FindUnannounced([Flush]));
    }

    [Fact]
    public void A_report_of_KASAN_cannot_be_announced()
    {
        complaints.Take("# expects kernel warning: process_reap");
        Assert.Single(
            complaints.FindUnannounced([
                new KernelMessage(KernelMessageKind.Oops, "BUG: KASAN: slab-use-after-free in process_reap"),
            ])
        );
    }
}
