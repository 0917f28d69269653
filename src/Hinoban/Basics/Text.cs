namespace Hinoban.Basics;

/// <summary>The language of a mail, a report or a page.</summary>
internal enum Language
{
    /// <summary>Japanese.</summary>
    Ja,

    /// <summary>English.</summary>
    En,

    /// <summary>Japanese first, then English, in one text (mails and reports only).</summary>
    Both,
}

/// <summary>A text that people read, in both languages: one that lacks a language does not compile.</summary>
internal sealed record Text(string Ja, string En)
{
    internal string In(Language language) => language == Language.En ? En : Ja;

    /// <summary>As it stands in a record that has no language of its own.</summary>
    internal string Record => Ja == En ? Ja : $"{Ja} / {En}";

    /// <summary>A proper name that is the same in both languages.</summary>
    internal static Text Same(string text) => new(text, text);
}
