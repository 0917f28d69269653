using System.Collections.Concurrent;
using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What is wrong with single values, keys and files of a specification, and what would be right.</summary>
internal static class SpecText
{

    internal static readonly Text NoEffect = new("現在は効力がありません", "it has no effect today");
    internal static readonly Text OneWord = new("語または文字列を1つ書いてください", "write one word or text");
    internal static readonly Text PlainLine = new("制御文字を含まない1行の文字列にしてください", "write one line of plain text");
    internal static readonly Text BlankRight = new("文字列を書くか、キーごと省いてください", "write a text, or leave the key out");
    internal static readonly Text IdRight = new("英小文字・数字・ハイフンで63文字以内にしてください", "use lower-case letters, digits and hyphens, at most 63");
    internal static readonly Text KeyRight = new(
        "英数字・ピリオド・ハイフン・アンダースコアで63文字以内とし、先頭と末尾は英数字にしてください",
        "use letters, digits, dots, hyphens and underscores, at most 63, with a letter or digit at both ends");
    internal static readonly Text ADuration = new("`15s` や `3m` のように時間を書いてください", "write a duration such as `15s` or `3m`");
    internal static readonly Text DurationRight = new("`500ms`、`15s`、`3m`、`1h`、`30d` のように書いてください", "write for instance `500ms`, `15s`, `3m`, `1h` or `30d`");
    internal static readonly Text AWhole = new("整数を書いてください", "write a whole number");
    internal static readonly Text BothRight = new("`{ ja: …, en: … }` または1つの文字列を書いてください", "write `{ ja: …, en: … }` or one plain text");
    internal static readonly Text TwoLanguages = new("日英併記の文字列", "a text in two languages");

    internal static readonly Text Empty = new("空", "empty");
    internal static readonly Text EmptyList = new("空のリスト", "an empty list");
    internal static readonly Text AList = new("リスト", "a list");
    internal static readonly Text AMap = new("マップ(キーと値の組)", "a map");

    internal static readonly Text SaysNothing = new("ファイルに記述がありません", "the file says nothing");
    internal static readonly Text NotAMap = new("ファイルがキーと値のマップになっていません", "the file is not a map of keys");
    internal static readonly Text Begin = new("監視仕様書は `customer: some-id` から書き始めてください", "a specification begins with `customer: some-id`");
    internal static readonly Text SecondDocument = new("2つ目のYAML文書が始まっています", "a second YAML document begins here");
    internal static readonly Text OneDocument = new("1ファイルに1文書とし、別のお客様は別のファイルに書いてください", "one file holds one document; put another customer in another file");
    internal static readonly Text NoClauseSoDeep = new("これほど深い項目は仕様書にありません", "no clause of the language is that deep");
    internal static readonly Text NoTags = new("値だけを書いてください(タグは使えません)", "write the value alone; the language has no tags");
    internal static readonly Text AnchorRight = new("エイリアスより前にあるアンカーの名前を書いてください", "an alias names an anchor that stands before it");
    internal static readonly Text NotInItself = new("値に自分自身を含めることはできません", "a value cannot contain itself");
    internal static readonly Text UseTemplates = new("YAMLのエイリアスの代わりにひな形(templates)を使ってください", "use templates instead of YAML aliases");
    internal static readonly Text KeyNotAWord = new("キーがリストまたはマップになっています", "this key is a list or a map");
    internal static readonly Text KeyIsAWord = new("キーは1つの語にしてください", "a key is a word");
    internal static readonly Text SayItOnce = new("1か所だけに書いてください", "say it once");
    internal static readonly Text SayItInOne = new("お客様のファイルのうち1つだけに書いてください", "say it in one of the customer's files");
    internal static readonly Text TabIndent = new("字下げにタブが使われています", "a tab in the indentation");
    internal static readonly Text IndentRight = new("字下げには空白を使ってください", "indent with spaces");

    internal static readonly Text NoPath = new("監視仕様書が指定されていません", "no specification is named");
    internal static readonly Text NoPathRight = new("ファイルまたはフォルダを指定してください", "name a file, or a folder of files");
    internal static readonly Text NoSuchPath = new("ファイルもフォルダもありません", "there is no such file or folder");
    internal static readonly Text NoSuchPathRight = new("監視仕様書のファイルまたはフォルダを指定してください", "name a specification file, or a folder of them");
    internal static readonly Text NoneInFolder = new("フォルダに監視仕様書がありません", "there is no specification in this folder");
    internal static readonly Text NoneInFolderRight = new("*.yaml ファイルを置いてください", "put *.yaml files into it");
    internal static readonly Text FolderUnreadable = new("フォルダを読めません", "the folder cannot be read");
    internal static readonly Text FileUnreadable = new("ファイルを読めません", "the file cannot be read");
    internal static readonly Text LinkLoop = new("このリンクは上位のフォルダを指しています", "this link leads back to a folder that it stands in");
    internal static readonly Text LinkLoopRight = new("リンクを削除してください", "take the link out");
    internal static readonly Text FileEmpty = new("ファイルが空か、通常のファイルではありません", "the file is empty, or is no regular file");
    internal static readonly Text NoRegularFile = new("通常のファイルではありません(パイプ、デバイス、ソケットなど)", "this is no regular file but a pipe, a device or a socket");
    internal static readonly Text NameRegularFile = new("内容をファイルに保存し、そのファイルを指定してください", "save the text into a file and name that");
    internal static readonly Text NotUtf8 = new("UTF-8ではありません", "not UTF-8");
    internal static readonly Text SaveAsUtf8 = new("UTF-8で保存してください", "save the file as UTF-8");
    internal static readonly Text LineEnds = new("改行はLFまたはCRLFにしてください", "end lines with LF or CRLF");
    internal static readonly Text TakeItOut = new("取り除くか、二重引用符の中でエスケープして書いてください", "take it out, or write it as an escape in double quotes");
    internal static readonly Text OnlyTheFirst = new("先頭のものだけを表示しています", "only the first ones are listed");

    private static readonly ConcurrentDictionary<string, Text> Keys = new();

    /// <summary>A key of the language, quoted. The language has few, so that they are kept.</summary>
    internal static Text Key(string key) => Keys.GetOrAdd(key, static k => Text.Same($"`{k}`"));

    internal static Text TheWord(string word) => new($"単一の値 {Shown.As(word)}", $"the word {Shown.As(word)}");

    internal static Text NotInForce(Text clause) => new($"未対応: {clause.Ja}", $"not in force yet: {clause.En}");

    internal static Text Is(Text what, Text kind) => new($"{what.Ja} が{kind.Ja}です", $"{what.En} is {kind.En}");

    internal static Text IsNot(string word, Text what) => new($"{Shown.As(word)} は{what.Ja}として使えません", $"{Shown.As(word)} is not {what.En}");

    internal static Text IsValue(Text what, string value) => new($"{what.Ja} が {value} です", $"{what.En} is {value}");

    internal static Text FromTo(string least, string most) => new($"{least} から {most} までにしてください", $"write a value from {least} to {most}");

    internal static Text HoldsControl(Text what, int rune) => new(
        $"{what.Ja} に制御文字 U+{rune:X4} が含まれています", $"{what.En} holds the control character U+{rune:X4}");

    internal static Text Control(int rune) => new($"制御文字 U+{rune:X4} があります", $"the control character U+{rune:X4}");

    internal static Text TooLong(Text what, int length) => new($"{what.Ja} が{length}文字あります", $"{what.En} has {length} characters");

    internal static Text AtMost(int longest) => new($"{longest}文字以内にしてください", $"write at most {longest}");

    internal static Text Blank(Text what) => new($"{what.Ja} が空白です", $"{what.En} is blank");

    internal static Text NoUnit(Text what, string text) => new($"{what.Ja}: {Shown.As(text)} に単位がありません", $"{what.En}: {Shown.As(text)} has no unit");

    internal static Text NotADuration(Text what, string text) => new($"{what.Ja}: {Shown.As(text)} は時間ではありません", $"{what.En}: {Shown.As(text)} is not a duration");

    internal static Text WithUnit(string text) => new($"`{text}s` または `{text}m` と書いてください", $"write `{text}s` or `{text}m`");

    internal static Text NotWhole(Text what, string text) => new($"{what.Ja}: {Shown.As(text)} は整数ではありません", $"{what.En}: {Shown.As(text)} is not a whole number");

    internal static Text NumberFromTo(int least, int most) => new($"{least} から {most} までの整数にしてください", $"write a number from {least} to {most}");

    internal static Text NotKnown(Text what, string text) => new($"{what.Ja}: {Shown.As(text)} は使えない値です", $"{what.En}: {Shown.As(text)} is not known");

    internal static Text In(Text what, bool japanese) => japanese
        ? new Text($"{what.Ja} の日本語(ja)", $"{what.En} in Japanese")
        : new Text($"{what.Ja} の英語(en)", $"{what.En} in English");

    internal static Text NeitherLanguage(Text what) => new($"{what.Ja} に `ja` も `en` もありません", $"{what.En} has neither `ja` nor `en`");

    internal static Text MapWith(string keys) => new($"次のキーを持つマップにしてください: {keys}", $"write it as a map with the keys {keys}");

    internal static Text MapOfNames(string example) => new($"`{example}` のように名前と内容のマップにしてください", $"write a map of names, for instance `{example}`");

    internal static Text KeyOf(string key, Text what) => new($"{what.Ja}の `{key}`", $"`{key}` of {what.En}");

    internal static Text NotAKeyOf(string key, Text what) => new($"{Shown.As(key)} は{what.Ja}のキーではありません", $"{Shown.As(key)} is not a key of {what.En}");

    internal static Text Lacks(Text what, string key) => new($"{what.Ja}に `{key}` がありません", $"{what.En} has no `{key}`");

    internal static Text ForInstance(string key, string example) => new($"たとえば `{key}: {example}` と書いてください", $"write for instance `{key}: {example}`");

    internal static Text DidYouMean(string near) => new($"`{near}` ではありませんか", $"did you mean `{near}`?");

    internal static readonly Text NoneKnown = new("この仕様書では1つも定義されていません", "this specification defines none");

    internal static Text OnlyKnown(string name) => new($"使えるのは {name} だけです", $"only {name} is known");

    internal static Text Known(string names) => new($"使えるのは {names} です", $"known are {names}");

    internal static Text KnownAndMore(string names, int more) => new($"使えるのは {names} ほか{more}件です", $"known are {names} and {more} more");

    internal static Text TooMany(int most) => new($"このファイルの問題は{most}件を超えています", $"more than {most} problems in this file");

    internal static Text TooDeep(int levels) => new($"入れ子が{levels}段を超えています", $"nested deeper than {levels} levels");

    internal static Text Tag(string tag) => new($"YAMLのタグ {Shown.As(tag)} があります", $"a YAML tag {Shown.As(tag)}");

    internal static Text NoAnchor(string anchor) => new($"ここより前にアンカー {Shown.As("&" + anchor)} がありません", $"there is no anchor {Shown.As("&" + anchor)} above");

    internal static Text AliasInside(string alias) => new(
        $"エイリアス {Shown.As("*" + alias)} が、それ自身の指す値の中にあります", $"the alias {Shown.As("*" + alias)} stands inside what it names");

    internal static Text AliasesExpand(int most) => new($"エイリアスの展開後の値が{most}個を超えています", $"aliases expand to more than {most} values");

    internal static Text HereTwice(string key, int line) => new($"{Shown.As(key)} が2回書かれています(最初は{line}行目)", $"{Shown.As(key)} is here twice, first in line {line}");

    internal static Text AlreadyIn(string key, string place) => new($"{Shown.As(key)} は {place} にもあります", $"{Shown.As(key)} is already in {place}");

    internal static Text TooBig(long megabytes) => new($"ファイルの大きさが{megabytes} MBを超えています", $"the file has more than {megabytes} MB");

    internal static Text Biggest(long megabytes) => new($"{megabytes} MB以内にし、フォルダに分けてください", $"at most {megabytes} MB; split it into a folder");

    internal static Text NotYaml(string why) => new($"YAMLとして読めません: {why}", $"not valid YAML: {why}");
}
