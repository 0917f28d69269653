namespace Hinoban.Basics;

/// <summary>How much a located problem weighs.</summary>
internal enum ProblemLevel
{
    /// <summary>The input is refused.</summary>
    Error,

    /// <summary>The input is taken; a person should know (a clause not in force yet, a doubtful value).</summary>
    Note,
}

/// <summary>Something wrong in what people wrote: where (1-based line and column), what, and what would be right.</summary>
internal sealed record Problem(string File, int Line, int Column, string Wrong, string Right, ProblemLevel Level = ProblemLevel.Error)
{
    /// <summary><c>file:line:column: what is wrong, what would be right</c>; notes carry <c>note:</c> after the place.</summary>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {(Level == ProblemLevel.Note ? "note: " : "")}{Wrong}{(Right.Length == 0 ? "" : $", {Right}")}";
}
