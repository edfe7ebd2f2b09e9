// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text.Json;
using Reaplab.Foundation;

namespace Reaplab.Machines;

/// <summary>
/// Finds out whether KVM works by booting a guest under it. A /dev/kvm that opens proves nothing: on some hosts a guest
/// never reaches its first line there. The answer is remembered for this boot of the host, this QEMU and this kernel.
/// </summary>
/// <param name="workspace">Names the cache.</param>
public sealed class AcceleratorProbe(Workspace workspace)
{
    private const string Device = "/dev/kvm";

    /// <summary>A native guest prints its first line after some 0.1 s; fifty times that is a host that cannot do it.</summary>
    private static readonly TimeSpan FirstOutputLimit = TimeSpan.FromSeconds(5);

    /// <summary>A native boot takes about 0.5 s; emulation by a nested hypervisor that takes 20 times as long is no KVM to measure on.</summary>
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(10);

    /// <summary>Enough for kernel and image; it is preallocated, so it is kept small.</summary>
    private const long ProbeMemory = 256L << 20;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private string CacheFile => Path.Combine(workspace.CacheDirectory, "accelerator.json");

    /// <summary>Decides which accelerator to use.</summary>
    /// <param name="choice">What the user asked for. Asking for KVM always probes anew.</param>
    /// <param name="kernelImage">The kernel to boot, best the plan's stock kernel.</param>
    /// <param name="initrds">Its initial file system.</param>
    /// <param name="cancellationToken">Ends the probe.</param>
    /// <exception cref="InfrastructureException">KVM was asked for and does not work, or QEMU is missing.</exception>
    public async Task<AcceleratorDecision> ChooseAsync(
        AcceleratorChoice choice,
        string kernelImage,
        IReadOnlyList<string> initrds,
        CancellationToken cancellationToken
    )
    {
        if (choice == AcceleratorChoice.Tcg)
        {
            return new AcceleratorDecision(Accelerator.Tcg, "as asked");
        }

        if (WhyNotOpen() is { } closed)
        {
            return choice == AcceleratorChoice.Auto
                ? new AcceleratorDecision(Accelerator.Tcg, closed)
                : throw new InfrastructureException(
                    $"KVM was asked for, but {closed}; ACCEL=auto falls back to emulation"
                );
        }

        var key = await KeyAsync(kernelImage, cancellationToken);
        if (choice == AcceleratorChoice.Auto && ReadCache(key) is { } known)
        {
            return known;
        }

        var failure = await BootAsync(kernelImage, initrds, cancellationToken);
        var decision = failure is null
            ? new AcceleratorDecision(Accelerator.Kvm, "a guest booted under it")
            : new AcceleratorDecision(Accelerator.Tcg, $"{Device} opens, but {failure}");
        WriteCache(key, decision);
        return choice == AcceleratorChoice.Kvm && failure is not null
            ? throw new InfrastructureException(
                $"KVM was asked for; {decision.Reason}; ACCEL=auto falls back to emulation"
            )
            : decision;
    }

    private static string? WhyNotOpen()
    {
        if (!File.Exists(Device))
        {
            return $"there is no {Device}";
        }

        try
        {
            using var handle = File.OpenHandle(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return $"this user may not open {Device} (join the group kvm)";
        }
        catch (IOException exception)
        {
            return $"{Device} does not open: {exception.Message}";
        }
    }

    /// <summary>Boots once under KVM.</summary>
    /// <returns>Null if the guest became ready, else how it failed.</returns>
    private async Task<string?> BootAsync(
        string kernelImage,
        IReadOnlyList<string> initrds,
        CancellationToken cancellationToken
    )
    {
        var folder = Directory.CreateTempSubdirectory("reaplab-probe-");
        try
        {
            var native = MachineLimits.For(Accelerator.Kvm, debugKernel: false);
            var specification = new MachineSpecification(
                kernelImage,
                initrds,
                Cpus: 1,
                ProbeMemory,
                DiskImage: null,
                Accelerator.Kvm,
                folder.FullName
            )
            {
                RecordDirectory = OrphanReaper.RecordDirectory(workspace),
                // All messages: the first of them is the first sign of life.
                Verbose = true,
                Limits = native with { Boot = BootLimit },
            };
            await using var machine = await Machine.StartAsync(specification, cancellationToken);
            return await WatchAsync(machine, cancellationToken);
        }
        catch (MachineEndedException exception)
        {
            return $"a guest under it does not start: {exception.End.Title}";
        }
        catch (InfrastructureException exception)
        {
            return $"QEMU cannot use it: {exception.Message.Split('\n')[0]}";
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string?> WatchAsync(Machine machine, CancellationToken cancellationToken)
    {
        using var firstOutput = new CancellationTokenSource(FirstOutputLimit);
        while (new FileInfo(machine.ConsolePath).Length == 0 && !machine.Ended.IsCompleted)
        {
            if (firstOutput.IsCancellationRequested)
            {
                return $"a guest under it says nothing within {FirstOutputLimit.TotalSeconds:0} s";
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        await machine.WaitReadyAsync(cancellationToken);
        return null;
    }

    private static async Task<string> KeyAsync(string kernelImage, CancellationToken cancellationToken)
    {
        var qemu = await QemuInstallation.FindAsync("qemu-system-x86_64", cancellationToken);
        await using var kernel = File.OpenRead(kernelImage);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(kernel, cancellationToken));
        var boot = await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", cancellationToken);
        return $"{boot.Trim()} | {qemu.Path} {qemu.Version} | {hash}";
    }

    private AcceleratorDecision? ReadCache(string key)
    {
        try
        {
            var entry = JsonSerializer.Deserialize<Entry>(File.ReadAllText(CacheFile));
            return entry?.Key == key ? entry.Decision : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            // None yet, or from another version: probing again costs seconds.
            return null;
        }
    }

    private void WriteCache(string key, AcceleratorDecision decision)
    {
        Directory.CreateDirectory(workspace.CacheDirectory);
        var unfinished = $"{CacheFile}.{Environment.ProcessId}";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(new Entry(key, decision)));
        File.Move(unfinished, CacheFile, overwrite: true);
    }

    private sealed record Entry(string Key, AcceleratorDecision Decision);
}
