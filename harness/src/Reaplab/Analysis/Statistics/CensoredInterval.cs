// SPDX-License-Identifier: MIT
namespace Reaplab.Analysis.Statistics;

/// <summary>A confidence interval for a duration, an end of which may be known only to exceed the limit.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Confidence">Confidence asked for, 0 to 1.</param>
public readonly record struct CensoredInterval(CensoredValue Low, CensoredValue High, double Confidence);
