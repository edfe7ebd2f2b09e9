// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.BootTests.Support;

/// <summary>Progress that nobody watches.</summary>
internal sealed class Silence : IStageProgress
{
    public void Report(StageState state) { }
}
