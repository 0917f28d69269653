using System.Globalization;

namespace Hinoban.Mutants;

/// <summary>One small change of the sources. <see cref="Line"/> and <see cref="Column"/> from 1, where it stands in the original.</summary>
internal sealed record Mutant(int Number, string File, int Line, int Column, string Operator, string Original, string Changed)
{
    /// <summary>What stays the same while lines move: the list of justified ones names mutants so.</summary>
    internal string Key => $"{Path.GetFileName(File)}: {Operator}: {Original} -> {Changed}";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column} {Operator}: {Original} -> {Changed}");
}
