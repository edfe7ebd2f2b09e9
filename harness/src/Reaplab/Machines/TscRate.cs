// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Runtime.InteropServices;
using Reaplab.Foundation;

namespace Reaplab.Machines;

/// <summary>
/// Measures the rate of the host's time-stamp counter, which is what an emulated guest reads as its own. The kernel
/// publishes the rate nowhere ("cpu MHz" follows frequency scaling), and .NET has no RDTSC, so ten bytes of machine code do it.
/// </summary>
public static class TscRate
{
    /// <summary>rdtsc; shl rdx, 32; or rax, rdx; ret.</summary>
    private static readonly byte[] ReadCounterCode = [0x0f, 0x31, 0x48, 0xc1, 0xe2, 0x20, 0x48, 0x09, 0xd0, 0xc3];

    /// <summary>Two ends each known to about 100 ns over 20 ms: 10 ppm, a hundredth of what the guest would notice.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(20);

    private const int Windows = 5;

    /// <summary>Pairs tried at each end; the one least disturbed by the scheduler counts.</summary>
    private const int Pairs = 9;

    /// <summary>A constant counter agrees with itself to parts per million; 1 % means it follows the core's frequency.</summary>
    private const double LargestSpread = 0.01;

    private const int ProtRead = 1;
    private const int ProtWrite = 2;
    private const int ProtExec = 4;
    private const int MapPrivateAnonymous = 0x22;
    private const nuint PageSize = 4096;

    private static readonly Lazy<long?> Measured = new(Measure);

    private delegate ulong ReadCounter();

    /// <summary>The rate in kHz, measured once per process in about 0.1 s; null on a host that is not x86-64.</summary>
    /// <exception cref="InfrastructureException">The counter is not constant, or machine code cannot be run.</exception>
    public static long? Kilohertz => Measured.Value;

    private static long? Measure()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return null;
        }

        var page = Map(0, PageSize, ProtRead | ProtWrite, MapPrivateAnonymous, -1, 0);
        if (page == -1)
        {
            throw new InfrastructureException("cannot map a page for reading the time-stamp counter");
        }

        try
        {
            Marshal.Copy(ReadCounterCode, 0, page, ReadCounterCode.Length);
            if (Protect(page, PageSize, ProtRead | ProtExec) != 0)
            {
                throw new InfrastructureException(
                    "the host forbids machine code made at run time (SELinux execmem?), which reading the time-stamp counter needs"
                );
            }

            var read = Marshal.GetDelegateForFunctionPointer<ReadCounter>(page);
            var rates = Enumerable.Range(0, Windows).Select(_ => MeasureOnce(read)).Order().ToArray();
            var rate = rates[Windows / 2];
            if (rates[^2] - rates[1] > rate * LargestSpread)
            {
                throw new InfrastructureException(
                    $"the host's time-stamp counter is not constant: {rates[1]:0} to {rates[^2]:0} kHz; emulated guests would have no clock"
                );
            }

            return (long)Math.Round(rate);
        }
        finally
        {
            _ = Unmap(page, PageSize);
        }
    }

    private static double MeasureOnce(ReadCounter read)
    {
        var (startTime, startCount) = Pair(read);
        Thread.Sleep(Window);
        var (endTime, endCount) = Pair(read);
        return (endCount - startCount) / Stopwatch.GetElapsedTime(startTime, endTime).TotalMilliseconds;
    }

    /// <summary>A counter value and the clock at the same moment.</summary>
    private static (long Time, ulong Count) Pair(ReadCounter read)
    {
        var best = (Gap: long.MaxValue, Time: 0L, Count: 0UL);
        for (var i = 0; i < Pairs; i++)
        {
            var before = Stopwatch.GetTimestamp();
            var count = read();
            var after = Stopwatch.GetTimestamp();
            if (after - before < best.Gap)
            {
                best = (after - before, before + ((after - before) / 2), count);
            }
        }

        return (best.Time, best.Count);
    }

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Protect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmap(nint address, nuint length);
}
