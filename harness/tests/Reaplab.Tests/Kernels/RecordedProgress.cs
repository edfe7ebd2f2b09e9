// SPDX-License-Identifier: MIT
using System.Collections.Concurrent;
using Reaplab.Foundation;

namespace Reaplab.Tests.Kernels;

/// <summary>Keeps what a stage reports.</summary>
internal sealed class RecordedProgress : IStageProgress
{
    public ConcurrentQueue<StageState> States { get; } = [];

    public void Report(StageState state) => States.Enqueue(state);
}
