// SPDX-License-Identifier: MIT

using Reaplab.Machines;

namespace Reaplab.Tests.Machines;

public sealed class HostTests
{
    [Fact]
    public void The_counters_rate_is_a_processors_rate()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && TscRate.Kilohertz is not null, "not an x86-64 host");
        Assert.InRange(TscRate.Kilohertz!.Value, 500_000, 10_000_000);
    }

    [Fact]
    public void Host_noise_is_read_and_pressure_grows_or_stays()
    {
        var before = HostNoise.Capture();
        var after = HostNoise.Capture();
        Assert.NotNull(before.LoadAverage);
        Assert.True(after.AllTicks >= before.AllTicks);
        Assert.True(HostNoise.Growth(before.CpuPressureMicroseconds, after.CpuPressureMicroseconds) is null or >= 0);
    }

    [Fact]
    public void A_process_is_itself_and_no_other_that_had_its_id()
    {
        var self = ProcessIdentity.Read(Environment.ProcessId);
        Assert.True(self?.IsRunning());
        Assert.False((self! with { StartTicks = self.StartTicks - 1 }).IsRunning());
        Assert.False((self with { BootId = "another boot" }).IsRunning());
    }

    [Fact]
    public void A_process_without_vcpu_threads_has_no_run_delay() =>
        Assert.Empty(VcpuRunDelay.Read(Environment.ProcessId));

    [Fact]
    public void Run_delay_between_two_readings_is_their_difference_per_cpu()
    {
        VcpuRunDelay[] before = [new(0, 10, 1), new(1, 20, 2)];
        VcpuRunDelay[] after = [new(0, 15, 4), new(1, 20, 2)];
        Assert.Equal([new(0, 5, 3), new(1, 0, 0)], VcpuRunDelay.Between(before, after));
    }
}
