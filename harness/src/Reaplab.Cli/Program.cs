// SPDX-License-Identifier: MIT
Console.Error.WriteLine("reaplab");
return 2;
