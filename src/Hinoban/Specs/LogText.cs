using Hinoban.Basics;
using static System.FormattableString;

namespace Hinoban.Specs;

/// <summary>What is wrong with log checks and what would be right; and what a log check says, in words.</summary>
internal static class LogText
{
    internal static readonly Text Rule = new("`match` のルール", "a rule of `match`");
    internal static readonly Text File = new("ログファイル", "a log file");
    internal static readonly Text FileRight = new(
        "`/var/log/messages` のような絶対パスを書いてください。`*` と `?` は最後の部分(ファイル名)にだけ使えます",
        "write an absolute path such as `/var/log/messages`; `*` and `?` only in its last part, the file's name");
    internal static readonly Text OneSource = new("`file`、`files`、`journal` のどれか1つを書いてください", "write one of `file`, `files` and `journal`");
    internal static readonly Text Unit = new("systemdのユニット名", "the name of a systemd unit");
    internal static readonly Text UnitRight = new("`nginx.service` のように書いてください。すべて読むなら `journal: all` です", "write it as `nginx.service`; `journal: all` reads everything");
    internal static readonly Text NoPattern = new("`regex` も `status` もありません", "there is neither a `regex` nor a `status`");
    internal static readonly Text BothPatterns = new("`regex` と `status` の両方があります", "there are both a `regex` and a `status`");
    internal static readonly Text PatternOrStatus = new("どちらか一方を書いてください。両方で絞り込む場合は1つの `regex` にまとめてください", "write one of the two; what must fit both is one `regex`");
    internal static readonly Text StatusNeedsFormat = new("`status` は `format: apache-access` のときだけ書けます", "`status` is for `format: apache-access` only");
    internal static readonly Text StatusNeedsFormatRight = new("`format: apache-access` を書くか、`regex` にしてください", "write `format: apache-access`, or a `regex`");
    internal static readonly Text StatusRight = new("`404`、`5xx`、`500-503` のように書いてください", "write it as `404`, `5xx` or `500-503`");
    internal static readonly Text RecordOfFormat = new("`format` のあるログは1行が1件なので、`record` は書けません", "a log with a `format` has a record on each line, so there is no `record`");
    internal static readonly Text NameTwiceRight = new("ルールごとに違う `name` を書いてください", "give each rule a `name` of its own");
    internal static readonly Text MatchesNothingRight = new("少なくとも1文字に一致するように書いてください", "write one that takes at least one character");
    internal static readonly Text PatternRight = new(
        "正規表現を1つ書いてください。文字としての `.` `*` `(` などの前には `\\` を付けます",
        "write one regular expression; `\\` before `.`, `*`, `(` and the like takes them as they are");
    internal static readonly Text NotLinearRight = new(
        "先読み・後読み・後方参照を使わずに書いてください。除外する行は `except` に書けます",
        "write it without lookaround and backreferences; records to leave out stand in `except`");
    internal static readonly Text WholeSecondsRight = new("秒単位で書いてください", "write whole seconds");

    internal static Text TwoSources(string first, string second) => new($"`{first}` と `{second}` の両方があります", $"there are both `{first}` and `{second}`");

    internal static Text OnlyFiles(string key) => new($"`{key}` はファイルのログにだけ書けます", $"`{key}` is for logs in files only");

    internal static Text LeaveOut(string key) => new($"`{key}` を外してください", $"leave `{key}` out");

    internal static Text Count(string key, int count) => new(Invariant($"`{key}` が {count} 個あります"), Invariant($"`{key}` has {count} entries"));

    internal static Text CountRight(int least, int most) => new(Invariant($"{least} 個から {most} 個までにしてください"), Invariant($"write from {least} to {most}"));

    internal static Text NameTwice(string name) => new($"ルール名 {Shown.As(name)} が2つあります", $"two rules are called {Shown.As(name)}");

    internal static Text NotAPattern(string text) => new($"{Shown.As(text)} は使えません", $"{Shown.As(text)} cannot be used");

    internal static Text PatternShape(int longest) => new(Invariant($"制御文字を含まない1から {longest} 文字にしてください"), Invariant($"write 1 to {longest} characters, none of them a control character"));

    internal static Text NotLinear(string text) => new(
        $"{Shown.As(text)} は行の長さに比例する時間で照合できない正規表現です", $"{Shown.As(text)} is no pattern that can be matched in time linear to the line");

    internal static Text BrokenPattern(string text, string why) => new(
        $"{Shown.As(text)} は正規表現ではありません({Shown.Tame(why, 200)})", $"{Shown.As(text)} is no regular expression ({Shown.Tame(why, 200)})");

    internal static Text MatchesNothing(string text) => new($"{Shown.As(text)} は空の文字列にも一致するため、すべてが対象になります", $"{Shown.As(text)} matches even nothing, so it would take everything");

    internal static Text WholeSeconds(string span) => new($"{span} は秒単位ではありません", $"{span} is not a whole number of seconds");
}
