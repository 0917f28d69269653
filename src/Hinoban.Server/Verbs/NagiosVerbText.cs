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

    internal static Text CustomerWrong(string id) => new($"お客様ID {Shown.As(id)} は使えません。{SpecText.IdRight.Ja}", $"{Shown.As(id)} is no customer's id: {SpecText.IdRight.En}");

    internal static Text ListWrong(string address) => new($"{Shown.As(address)} はメールアドレスではありません", $"{Shown.As(address)} is no mail address");

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
