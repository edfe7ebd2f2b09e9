// SPDX-License-Identifier: MIT
using Reaplab.Verification;

namespace Reaplab.Tests.Verification;

public sealed class LeakTests
{
    private const string Report = """
        unreferenced object 0xffff888004a1c5a0 (size 32):
          comm "process-reap-ra", pid 312, jiffies 4294912345
          hex dump (first 32 bytes):
            6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk
            00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 a5  ................
          backtrace (crc 5be6a6a1):
            kmemleak_alloc+0x43/0x70
            __kmalloc_cache_noprof+0x20c/0x280
            prepare_reap+0x5e/0x1a0
            __x64_sys_process_reap+0x9a/0x120
            do_syscall_64+0x6f/0x110
            entry_SYSCALL_64_after_hwframe+0x4b/0x53
        unreferenced object 0xffff888004a1c9c0 (size 32):
          comm "process-reap", pid 400, jiffies 4294912399
          backtrace (crc 0):
            kmemleak_alloc+0x43/0x70
            __kmalloc_cache_noprof+0x20c/0x280
            prepare_reap+0x5e/0x1a0
            __x64_sys_process_reap+0x9a/0x120
            do_syscall_64+0x6f/0x110
            entry_SYSCALL_64_after_hwframe+0x4b/0x53
        unreferenced object 0xffff888007d10000 (size 4096):
          comm "softirq", pid 0, jiffies 4294912400
          backtrace (crc 0):

        """;

    [Fact]
    public void Leaks_are_read_with_size_program_and_trace()
    {
        var leaks = KernelLeak.Parse(Report);
        Assert.Equal([32L, 32L, 4096L], leaks.Select(leak => leak.Bytes));
        Assert.Equal(["process-reap-ra", "process-reap", "softirq"], leaks.Select(leak => leak.Command));
        Assert.Equal(6, leaks[0].Trace.Count);
        Assert.Equal("kmemleak_alloc+0x43/0x70", leaks[0].Trace[0]);
        Assert.Empty(leaks[2].Trace);
    }

    [Fact]
    public void A_leak_is_named_by_its_size_and_who_asked_the_allocator() =>
        Assert.Equal(
            ["32 bytes from prepare_reap", "32 bytes from prepare_reap", "4096 bytes from unknown"],
            KernelLeak.Parse(Report).Select(leak => leak.Title)
        );

    [Fact]
    public void Equal_leaks_are_shown_once_with_their_number()
    {
        var lines = new List<string>();
        var report = LeakHunt.Judge(KernelLeak.Parse(Report), lines.Add);
        Assert.Equal(SelftestOutcome.Failed, report.Outcome);
        Assert.Equal("leaked objects: 3 (32 bytes from prepare_reap; 4096 bytes from unknown)", report.Detail);
        Assert.Equal("# leaked 2 times: 32 bytes from prepare_reap, allocated for \"process-reap-ra\" in", lines[0]);
        Assert.Equal("#   prepare_reap+0x5e/0x1a0", lines[3]);
        Assert.Equal("# leaked once: 4096 bytes from unknown, allocated for \"softirq\" in", lines[^1]);
    }

    [Fact]
    public void Where_kmemleak_has_nothing_to_report_all_is_well() =>
        Assert.Equal(
            new SelftestReport("kmemleak", SelftestOutcome.Passed),
            LeakHunt.Judge(KernelLeak.Parse(""), _ => Assert.Fail("nothing to show"))
        );
}
