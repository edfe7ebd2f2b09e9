// SPDX-License-Identifier: MIT
using System.Runtime.CompilerServices;

namespace Reaplab.Tests.Support;

/// <summary>Finds files that lie beside a test's source: fixtures and verified outputs.</summary>
internal static class SourceFile
{
    public static string Beside(string relativePath, [CallerFilePath] string caller = "") =>
        Path.Combine(Path.GetDirectoryName(caller)!, relativePath);
}
