// SPDX-License-Identifier: MIT
namespace Reaplab.Verification;

/// <summary>One case of a program that prints TAP.</summary>
/// <param name="Number">Its number; what identifies it, since names may hold sizes, times and process numbers.</param>
/// <param name="Name">What it says of itself.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record TapCase(int Number, string Name, TapOutcome Outcome);
