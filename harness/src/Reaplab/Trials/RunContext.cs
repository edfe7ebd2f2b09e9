// SPDX-License-Identifier: MIT
using Reaplab.Foundation;
using Reaplab.Images;
using Reaplab.Kernels;
using Reaplab.Machines;
using Reaplab.Ssh;

namespace Reaplab.Trials;

/// <summary>What every boot of a run shares.</summary>
public sealed record RunContext
{
    /// <summary>The checkout and the cache.</summary>
    public required Workspace Workspace { get; init; }

    /// <summary>Kernels by approach.</summary>
    public required IReadOnlyDictionary<string, KernelBuild> Kernels { get; init; }

    /// <summary>The guest image.</summary>
    public required GuestImage Image { get; init; }

    /// <summary>Archives that are unpacked over the image, in this order.</summary>
    public IReadOnlyList<string> Overlays { get; init; } = [];

    /// <summary>Words added to the kernels' command line.</summary>
    public IReadOnlyList<string> KernelArguments { get; init; } = [];

    /// <summary>The run's keys.</summary>
    public required RunCredentials Credentials { get; init; }

    /// <summary>How guests are run.</summary>
    public required Accelerator Accelerator { get; init; }

    /// <summary>How guests are spoken to.</summary>
    public required ISshSessionFactory Ssh { get; init; }

    /// <summary>A fresh ext4 image, copied for each boot.</summary>
    public required string DiskTemplate { get; init; }
}
