using System.Globalization;

namespace Hinoban.Mutants;

/// <summary>One small change of the sources. <see cref="Line"/> and <see cref="Column"/> from 1, where it stands in the original; <see cref="Member"/>: in what.</summary>
internal sealed record Mutant(int Number, string File, string Member, int Line, int Column, string Operator, string Original, string Changed)
{
    /// <summary>Which it is, from 1, of those that read the same in the member.</summary>
    internal int Occurrence { get; init; } = 1;

    /// <summary>What stays the same while lines move: the list of justified ones names mutants so.</summary>
    internal string Key => $"{Path.GetFileName(File)} {Member}: {Operator}: {Original} -> {Changed}{(Occurrence > 1 ? $" ({Occurrence})" : "")}".TrimEnd();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column} {Member}: {Operator}: {Original} -> {Changed}");
}
