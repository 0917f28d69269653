using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Specs.Nagios;

namespace Hinoban.Server.Verbs;

/// <summary>What <c>hinoban nagios</c> says.</summary>
internal static class NagiosVerbText
{
    internal static readonly Text Nagios = new("Nagiosからの移行と連携", "Coming from Nagios, and beside it");
    internal static readonly Text Import = new("Nagiosの設定を監視仕様書に変換し、引き継げないものをすべて一覧にします", "Turn a Nagios configuration into a specification, and list everything that is not carried over");
    internal static readonly Text Config = new("nagios.cfg(またはオブジェクト定義のファイル)", "nagios.cfg, or a file of object definitions");
    internal static readonly Text Customer = new("お客様ID。省略時は imported", "customer id; otherwise imported");
    internal static readonly Text List = new("メーリングリストのアドレス。省略時は仮のアドレス", "the mailing list's address; otherwise a stand-in");
    internal static readonly Text Out = new("監視仕様書の出力先(新しいファイル)。省略時は標準出力", "new file for the specification; otherwise standard output");

    internal static readonly Text OwnMistake = new(
        "変換した仕様書に誤りがあるため、何も書きませんでした。これはHinobanの不具合です", "The specification that came of it has mistakes, so nothing was written. This is a bug of Hinoban");

    internal static readonly Text Feed = new("標準入力のNSCA形式の行(ホスト、サービス、コード、出力をタブ区切り)を監視センターへ送ります", "Post lines in NSCA's form (host, service, code, output between tabs) from standard input to the desk");
    internal static readonly Text FeedDesk = new("監視センターのURL", "the desk's URL");
    internal static readonly Text FeedCustomer = new("結果を受け取るお客様のID", "the customer whose items the results are of");
    internal static readonly Text TokenFile = new("権限 sender のトークンのファイル。省略時は環境変数 HINOBAN_TOKEN", "file with a token of the role sender; otherwise the variable HINOBAN_TOKEN");
    internal static readonly Text Fingerprint = new("監視センターの証明書のSHA-256(16進)。省略時は公開CA", "the desk certificate's SHA-256 in hex; otherwise public CAs");
    internal static readonly Text RetryFor = new("届かない結果を送り直す時間。省略時は 1m", "how long to try again what does not arrive; otherwise 1m");

    internal static readonly Text HostResult = new("ホスト監視の結果は送れません(受動にできるのはサービスだけです)", "a host's result cannot be fed: only services are passive");
    internal static readonly Text NotFourParts = new("`ホスト<TAB>サービス<TAB>コード<TAB>出力` の形にしてください", "write `host<TAB>service<TAB>code<TAB>output`");
    internal static readonly Text PinWithoutTls = new("--fingerprint は https:// のURLにだけ指定できます", "--fingerprint is for a URL with https:// only");
    internal static readonly Text NoToken = new("トークンがありません。--token-file または環境変数 HINOBAN_TOKEN で指定してください", "there is no token: name a file by --token-file, or set HINOBAN_TOKEN");

    internal static Text NotACode(string code) => new($"コード {Shown.As(code)} は 0 から 3 のいずれかにしてください", $"the code {Shown.As(code)} is none of 0, 1, 2, 3");

    internal static Text WrongLine(string line, Text wrong) => new($"{Shown.As(line.Replace('\t', ' '))}: {wrong.Ja}", $"{Shown.As(line.Replace('\t', ' '))}: {wrong.En}");

    internal static Text NoUrl(string desk) => new($"{Shown.As(desk)} はURLではありません。`https://desk.example.jp:8443` のように書いてください", $"{Shown.As(desk)} is no URL: write for instance `https://desk.example.jp:8443`");

    internal static Text TokenOpen(string path) => new($"{path} は誰でも読み書きできます。chmod o-rw {path} を実行してください", $"{path} can be read or written by everybody; chmod o-rw {path}");

    internal static Text TokenEmpty(string path) => new($"{path} にトークンがありません", $"there is no token in {path}");

    internal static Text TokenUnreadable(string why) => new($"トークンを読めません: {why}", $"the token cannot be read: {why}");

    internal static Text NotArrived(int results, string why) => new($"結果{results}件を送れませんでした: {why}", $"{Counted.Of(results, "result")} did not arrive: {why}");

    internal static Text NotTaken(string item, string why) => new($"{item} は受け付けられません: {why}", $"{item} was not taken: {why}");

    internal static Text TooLarge(string item) => new($"{item} の結果は大きすぎるため、監視センターに受け付けられません", $"{item} was not taken: its result is larger than the desk takes");

    internal static Text InputBroke(string why) => new($"標準入力を最後まで読めませんでした: {why}", $"standard input could not be read to its end: {why}");

    internal static Text Ends(int status, string why) => new($"監視センターが受け付けません({status}): {why}", $"the desk takes nothing ({status}): {why}");

    internal static Text Fed(long taken, long refused) => new($"送信: {taken}件、受け付けられなかったもの: {refused}件", $"fed: {taken}, not taken: {refused}");

    internal static Text CustomerWrong(string id) => new($"お客様ID {Shown.As(id)} は使えません。{SpecText.IdRight.Ja}", $"{Shown.As(id)} is no customer's id: {SpecText.IdRight.En}");

    internal static Text ListWrong(string address) => new($"{Shown.As(address)} はメールアドレスではありません", $"{Shown.As(address)} is no mail address");

    internal static readonly Text Empty = new("監視対象の定義がありません", "it defines no object");

    internal static readonly Text EmptyCure = new("`cfg_file` または `cfg_dir` で定義ファイルを指定してください", "name the files with the definitions by `cfg_file` or `cfg_dir`");

    internal static Text Refused(int errors) => new($"設定に{errors}件の誤りがあるため、何も書きませんでした", $"{Counted.Of(errors, "mistake")} in the configuration; nothing was written");

    internal static Text CannotWrite(string path, string why) => new($"{path} に書けません: {why}", $"{path} cannot be written: {why}");

    internal static Text Next(string path) => new($"次に: hinoban spec check {path}", $"Next: hinoban spec check {path}");

    internal static Text Summary(NagiosImport import)
    {
        var (lost, looks) = (import.Problems.Count(p => p.Level == ProblemLevel.Warning), import.Problems.Count(p => p.Level == ProblemLevel.Note));
        return new(
            $"ホスト{import.Hosts}台、監視項目{import.Items}件を引き継ぎました。引き継いでいない監視項目は{import.NotCarried}件です(上の警告{lost}件と注意{looks}件をご確認ください)",
            $"carried over: {Counted.Of(import.Hosts, "host")}, {Counted.Of(import.Items, "item")}; not carried over: {Counted.Of(import.NotCarried, "item")} (see the {Counted.Of(lost, "warning")} and {Counted.Of(looks, "note")} above)");
    }
}
