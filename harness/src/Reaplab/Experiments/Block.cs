// SPDX-License-Identifier: MIT
namespace Reaplab.Experiments;

/// <summary>Every kernel once, in random order: the unit of work, resume and pairing.</summary>
/// <param name="Number">Number, from 1.</param>
/// <param name="Boots">The boots, in order.</param>
public sealed record Block(int Number, IReadOnlyList<Boot> Boots);
