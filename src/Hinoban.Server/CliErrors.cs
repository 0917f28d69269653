using Hinoban.Basics;

namespace Hinoban.Server;

/// <summary>What the library of the command line says of wrong usage, in the reader's language: it knows English only.</summary>
internal static class CliErrors
{
    private static readonly Phrase[] All =
    [
        new("Unrecognized command or argument '{0}'.", "コマンドまたは引数 '{0}' はありません。"),
        new("Required command was not provided.", "コマンドを指定してください。"),
        new("Required argument '{0}' missing for command: '{1}'.", "コマンド '{1}' の引数 {0} がありません。"),
        new("Required argument '{0}' missing for option: '{1}'.", "オプション '{1}' の値がありません。"),
        new("Required argument missing for command: '{0}'.", "コマンド '{0}' の引数がありません。"),
        new("Required argument missing for option: '{0}'.", "オプション '{0}' の値がありません。"),
        new("Option '{0}' is required.", "オプション '{0}' は必須です。"),
        new("Command '{0}' expects a single argument but {1} were provided.", "コマンド '{0}' の引数は1つです({1}個あります)。"),
        new("Option '{0}' expects a single argument but {1} were provided.", "オプション '{0}' の値は1つです({1}個あります)。"),
        new("Cannot parse argument '{0}' for option '{1}' as expected type '{2}'.", "オプション '{1}' の値 '{0}' が正しくありません。"),
        new("Cannot parse argument '{0}' for command '{1}' as expected type '{2}'.", "コマンド '{1}' の引数 '{0}' が正しくありません。"),
        new("Cannot parse argument '{0}' as expected type '{1}'.", "引数 '{0}' が正しくありません。"),
    ];

    internal static Text Of(string said) => new(All.Select(p => p.Say(said, static _ => null)).FirstOrDefault(ja => ja is not null) ?? said, said);
}
