// SPDX-License-Identifier: MIT
using Reaplab.Machines;
using Reaplab.Trials;

namespace Reaplab.Cli;

/// <summary>Everything a run needs, made ready.</summary>
/// <param name="Run">What its boots share.</param>
/// <param name="Accelerator">How guests are run, and why.</param>
/// <param name="Qemu">The QEMU in use.</param>
internal sealed record PreparedRun(RunContext Run, AcceleratorDecision Accelerator, QemuInstallation Qemu);
