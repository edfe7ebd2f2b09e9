// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace Reaplab.Reports.Figures;

/// <summary>A point of the band around a curve.</summary>
/// <param name="X">Horizontal, in the axis' unit.</param>
/// <param name="Low">Lower edge.</param>
/// <param name="High">Upper edge.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BandPoint(double X, double Low, double High);
