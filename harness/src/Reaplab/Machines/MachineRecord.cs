// SPDX-License-Identifier: MIT

namespace Reaplab.Machines;

/// <summary>What is written down about a running machine, for a harness that comes after ours was killed.</summary>
/// <param name="Machine">QEMU.</param>
/// <param name="Harness">The harness that owns it.</param>
/// <param name="SocketDirectory">Its sockets' folder, whose path also stands in QEMU's command line.</param>
internal sealed record MachineRecord(ProcessIdentity Machine, ProcessIdentity Harness, string SocketDirectory);
