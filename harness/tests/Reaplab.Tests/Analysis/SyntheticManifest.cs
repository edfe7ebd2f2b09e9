// SPDX-License-Identifier: MIT
using Reaplab.Trials;

namespace Reaplab.Tests.Analysis;

/// <summary>The manifest that goes with a made-up run.</summary>
internal static class SyntheticManifest
{
    public const string Run = "20260131-101112-full-0a1b2c3d";

    private static readonly DateTimeOffset Start = new(2026, 1, 31, 10, 11, 12, TimeSpan.Zero);

    private static readonly MethodManifest[] Methods =
    [
        new("kill", "", "SIGKILL by pidfd_send_signal and nothing else"),
        new("process_mrelease", "kill", "SIGKILL, then process_mrelease(2) from the killer"),
        new("process_reap", "kill", "SIGKILL, then process_reap(2) from the killer"),
        new("ss_expedite", "kill", "SIGKILL with SS_EXPEDITE"),
        new("ss_expedite_queue", "kill", "the same without marking"),
        new("killer_plain", "", "an OOM daemon's whole cycle in an ordinary process"),
        new("killer_locked", "killer_plain", "the same, mlocked and SCHED_FIFO"),
        new("killer_memalloc", "killer_plain", "PF_MEMALLOC"),
        new("killer_bounded", "killer_plain", "an OOM victim's reserves"),
    ];

    private static readonly ScenarioManifest[] Scenarios =
    [
        Scenario("idle", "a second CPU is free", decided: false),
        Scenario("throttled", "the victim's cgroup gets 5 % of a CPU"),
        Scenario("thp", "the same size in huge pages", decided: false),
        Scenario("refill", "another process faults in 256 MiB", decided: false),
        Scenario("frozen-v1", "the victim sits in the v1 freezer"),
        Scenario("d-state", "the victim sleeps in write() to a frozen filesystem"),
        Scenario("shared", "control: MAP_SHARED memory", decided: false),
        Scenario("frozen-v2", "control: the v2 freezer, which lets a dying task go"),
        Scenario("killer-pressure", "anonymous memory above RAM; decision to kill", decides: true),
    ];

    public static double LimitMilliseconds(string scenario) => scenario == "throttled" ? 20000 : 2000;

    public static RunManifest Create(int blocks, IReadOnlyList<SyntheticRun.Line> lines, string accelerator)
    {
        var approaches = lines.Select(line => line.Approach).Distinct();
        var methods = lines.Select(line => line.Method).ToHashSet(StringComparer.Ordinal);
        var scenarios = lines.Select(line => line.Scenario).ToHashSet(StringComparer.Ordinal);
        return new RunManifest
        {
            Run = Run,
            Plan = "full",
            PlanHash = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9",
            Seed = 42,
            BlocksPlanned = 10,
            Margin = 1.10,
            Started = Start,
            Harness = "0.1.0+0123abcd",
            Base = "6.12",
            Accelerator = accelerator,
            AcceleratorReason = accelerator == "tcg" ? "/dev/kvm opens, but no guest starts under it" : "works",
            SshSession = "openssh",
            Qemu = "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)",
            ImageHash = "fedcba9876543210fedcba9876543210",
            Kernels =
            [
                .. approaches.Select(approach => new KernelManifest(
                    approach,
                    approach,
                    $"{approach.Length:x2}5566778899aabbccddeeff",
                    "00",
                    "6.12.117-1~deb12u1",
                    "11",
                    "gcc (Debian 12.2.0-14+deb12u1) 12.2.0"
                )),
            ],
            Methods = [.. Methods.Where(method => methods.Contains(method.Name))],
            Scenarios = [.. Scenarios.Where(scenario => scenarios.Contains(scenario.Name))],
            Host = new Dictionary<string, string> { ["cpus"] = "2", ["kernel"] = "6.1.0-28-amd64" },
            Blocks =
            [
                .. Enumerable
                    .Range(1, blocks)
                    .Select(block => new BlockManifest
                    {
                        Block = block,
                        Started = Start.AddMinutes(block),
                        Ended = Start.AddMinutes(block + 1),
                        Order = [.. approaches],
                        BootMilliseconds = [2100 + (10 * block)],
                        HarnessMillisecondsPerTrial = 23.4,
                    }),
            ],
        };
    }

    private static ScenarioManifest Scenario(string name, string summary, bool decided = true, bool decides = false) =>
        new(
            name,
            summary,
            $"Shows what {name} shows; cannot show anything else.",
            decided,
            decides,
            (long)(LimitMilliseconds(name) * 1e6),
            Usable: name == "refill"
        );
}
