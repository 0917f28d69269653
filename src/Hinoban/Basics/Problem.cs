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
internal sealed record Problem(string File, int Line, int Column, Text Said, Text Cure, ProblemLevel Level = ProblemLevel.Error)
{
    /// <summary>What is wrong, in English.</summary>
    internal string Wrong => Said.En;

    /// <summary>What would be right, in English.</summary>
    internal string Right => Cure.En;

    /// <summary>English, as <see cref="In"/>: logs are one language.</summary>
    public override string ToString() => In(Language.En);

    /// <summary><c>file:line:column: what is wrong, what would be right</c>; warnings and notes carry <c>warning:</c> or <c>note:</c> after the place.</summary>
    internal string In(Language language)
    {
        var (said, cure) = (Said.In(language), Cure.In(language));
        return $"{File}:{Line}:{Column}: {Mark.In(language)}{said}{(cure.Length == 0 ? "" : language == Language.En ? ", " : "。")}{cure}";
    }

    private Text Mark => Level switch
    {
        ProblemLevel.Error => new("", ""),
        ProblemLevel.Warning => new("警告: ", "warning: "),
        ProblemLevel.Note => new("注意: ", "note: "),
    };
}
