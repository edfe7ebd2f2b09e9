// SPDX-License-Identifier: MIT

namespace Reaplab.Foundation;

/// <summary>A value read from a YAML file together with the line it stood on, so that later checks can name it.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Line">Line in its file, counted from 1; 0 where the value was not read from a file.</param>
public readonly record struct Located<T>(T Value, long Line)
{
    /// <inheritdoc/>
    public override string ToString() => Value?.ToString() ?? "";
}
