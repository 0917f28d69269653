namespace Hinoban.Basics;

/// <summary>How much a located problem weighs.</summary>
internal enum ProblemLevel
{
    /// <summary>The input is refused.</summary>
    Error,

    /// <summary>The input is taken, but something it asks for cannot work as things are set up.</summary>
    Warning,

    /// <summary>The input is taken; a person should know (a clause not in force yet, a doubtful value).</summary>
    Note,
}

/// <summary>Something wrong in what people wrote: where (1-based line and column), what, and what would be right.</summary>
internal sealed record Problem(string File, int Line, int Column, string Wrong, string Right, ProblemLevel Level = ProblemLevel.Error)
{
    /// <summary><c>file:line:column: what is wrong, what would be right</c>; warnings and notes carry <c>warning:</c> or <c>note:</c> after the place.</summary>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {Mark}{Wrong}{(Right.Length == 0 ? "" : $", {Right}")}";

    private string Mark => Level switch
    {
        ProblemLevel.Error => "",
        ProblemLevel.Warning => "warning: ",
        ProblemLevel.Note => "note: ",
    };
}
