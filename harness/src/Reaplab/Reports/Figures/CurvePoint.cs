// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace Reaplab.Reports.Figures;

/// <summary>A point of a curve.</summary>
/// <param name="X">Horizontal, in the axis' unit.</param>
/// <param name="Y">Vertical, in the axis' unit.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CurvePoint(double X, double Y);
