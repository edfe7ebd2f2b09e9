// SPDX-License-Identifier: MIT
using Reaplab.Foundation;

namespace Reaplab.Trials;

/// <summary>How a run ended.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Interrupted">True where the user stopped it; what was written stays.</param>
/// <param name="KernelFaults">Crashes and hangs of kernels under test.</param>
/// <param name="Failure">Why it ended early, where the host failed more often than the cap; null otherwise.</param>
public sealed record RunOutcome(RunFolder Folder, bool Interrupted, int KernelFaults, ReaplabException? Failure = null);
