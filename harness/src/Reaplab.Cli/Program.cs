// SPDX-License-Identifier: MIT
using Reaplab.Cli;

return await ReaplabProgram.RunAsync(args);
