// SPDX-License-Identifier: MIT
namespace Reaplab.Reports.Figures;

/// <summary>A plot, said without naming a tool that draws it.</summary>
/// <param name="Name">Name of its files, without folder and extension.</param>
/// <param name="Title">First line above the plot.</param>
/// <param name="Note">Second line: run, sample sizes, and "emulated (TCG)" where that is so.</param>
public abstract record Figure(string Name, string Title, string Note);
