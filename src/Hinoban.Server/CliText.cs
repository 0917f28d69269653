using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Server.Options;

namespace Hinoban.Server;

/// <summary>What the command line says.</summary>
internal static class CliText
{
    internal static readonly Text Root = new("火の番: 24時間365日の監視と一次対応", "Hinoban: monitoring and first response around the clock");
    internal static readonly Text Up = new("監視センターと監視拠点を1つのプロセスで起動します", "Run desk and sites in one process");
    internal static readonly Text Desk = new("監視センター(状態判定・インシデント・メール・画面・API)を起動します", "Run the desk: states, incidents, mail, console and API");
    internal static readonly Text Site = new("監視拠点を起動します", "Run one site, which dials out to its desk");
    internal static readonly Text Spec = new("監視仕様書", "Monitoring specifications");
    internal static readonly Text SpecCheck = new("仕様書の問題をすべて、ファイル:行:桁 とともに表示します", "Print every problem of specifications with file:line:column");
    internal static readonly Text SpecPrint = new("すべての既定値を補った仕様書を表示します", "Print a specification with every default shown");
    internal static readonly Text SpecExplain = new("監視項目の障害がどれだけの時間で通知されるかを内訳とともに表示", "how long until an item's failure is mailed, term by term");
    internal static readonly Text SpecItem = new("監視項目。ホスト/サービス、またはホスト(死活監視)", "an item: HOST/SERVICE, or HOST for its host check");
    internal static readonly Text SpecSites = new("事業者の監視拠点(省略時はどの名前も可)", "the provider's sites; without it any name is taken");
    internal static readonly Text SpecConfig = new(
        "監視センターの設定ファイル。mail.desk_mailbox が設定されているかを確かめます", "the desk's configuration file, to see whether mail.desk_mailbox is set");
    internal static readonly Text SiteKey = new("監視拠点の鍵を作成し、公開鍵を監視センターに登録します", "Make a site's key and register its public half with the desk");
    internal static readonly Text SiteRevoke = new("監視拠点の鍵を失効させます", "Revoke a site's keys");
    internal static readonly Text SiteDeskData = new("監視センターのデータフォルダ", "the desk's data folder");
    internal static readonly Text SiteKeyOut = new("鍵ファイルの出力先。省略時は NAME.key", "key file to write; otherwise NAME.key");
    internal static readonly Text SitePin = new(
        "監視拠点が信頼する監視センターの証明書: auto(監視センター自身の証明書)、none(検証しない公開CA)、またはSHA-256(16進)",
        "desk certificate the site trusts: auto (the desk's own if it has one), none (public CAs), or SHA-256 in hex");
    internal static readonly Text KeyStart = new("失効させる鍵のフィンガープリントの先頭(省略時はすべて)", "beginning of the key's fingerprint; otherwise all of the site's");
    internal static readonly Text Token = new("APIトークン", "API tokens");
    internal static readonly Text TokenAdd = new("APIトークンを発行して表示します(再表示はできません)", "Make an API token and print it; it cannot be shown again");
    internal static readonly Text TokenList = new("APIトークンの一覧", "List API tokens");
    internal static readonly Text TokenRevoke = new("APIトークンを失効させます", "Revoke an API token");
    internal static readonly Text TokenPrefix = new("トークンの先頭12文字(一覧に表示されるもの)", "the token's first 12 characters, as the list shows them");
    internal static readonly Text Account = new("アカウント", "Accounts");
    internal static readonly Text AccountAdd = new("アカウントを作成し、最初のパスワードを表示します", "Make an account and print its first password");
    internal static readonly Text AccountPassword = new("パスワードを再設定します", "Set an account's password anew");
    internal static readonly Text AccountList = new("アカウントの一覧", "List accounts");
    internal static readonly Text AccountDisable = new("アカウントを無効にします(トークンとセッションも直ちに終わります)", "Disable an account; its tokens and sessions end at once");
    internal static readonly Text AccountEnable = new("アカウントを再び有効にします", "Enable an account again");
    internal static readonly Text User = new("アカウント名。なければAPI専用のアカウントを作成", "account; one that is missing is made for the API only");
    internal static readonly Text AccountName = new("アカウント名", "account name");
    internal static readonly Text DisplayName = new("表示名", "name to show");
    internal static readonly Text Role = new($"権限({string.Join("、", RoleWords.All)})", $"role: {string.Join(", ", RoleWords.All)}");
    internal static readonly Text Customer = new("閲覧者(viewer)または送信元(sender)のお客様ID", "customer id of a viewer or a sender");
    internal static readonly Text FromStdin = new("パスワードを標準入力の1行目から読みます", "read the password from the first line of standard input");
    internal static readonly Text Version = new("バージョンを表示します", "Print the version");
    internal static readonly Text Demo = new(
        "デモ: お客様、Webサーバー、2つの監視拠点、メールボックスを1台の中で動かします", "Demo: a customer, a web server, two sites and a mailbox, all on this machine");
    internal static readonly Text DemoBreak = new("動いているデモのWebサーバーを停止します", "Stop the running demo's web server");
    internal static readonly Text DemoMend = new("動いているデモのWebサーバーを起動します", "Start the running demo's web server again");
    internal static readonly Text DemoUrl = new("どのデモか(複数動いているとき)", "which demo, where several are running");
    internal static readonly Text DemoData = new("デモのデータフォルダ。省略時は一時フォルダ(終了時に削除)", "the demo's data folder; otherwise a temporary one, removed at the end");

    internal static readonly Text Check = new(
        "組み込みの監視をNagiosプラグインとして1回実行します(オプションは同名のcheck_プラグインと同じ)", "Run a built-in check once as a Nagios plugin, with the options of the plugin of that name");

    internal static Text CheckKind(string kinds) => new($"種類({kinds})。続けてプラグインのオプション", $"what to check: {kinds}; then the plugin's options");

    internal static readonly Text Help = new("使い方を表示します", "Show help and usage information");

    /// <summary>What the library writes into a help page, and what it is in Japanese.</summary>
    internal static readonly Text[] HelpHeadings =
    [
        new("説明:", "Description:"),
        new("使い方:", "Usage:"),
        new("引数:", "Arguments:"),
        new("オプション:", "Options:"),
        new("コマンド:", "Commands:"),
        new("[コマンド]", "[command]"),
        new("[オプション]", "[options]"),
        new("(必須)", "(REQUIRED)"),
    ];

    internal static readonly Text UsageHint = new("使い方は hinoban --help をご覧ください", "See hinoban --help");
    internal static readonly Text RoleWrong = new(
        $"権限は {string.Join("、", RoleWords.All)} のいずれかです", $"A role is one of {string.Join(", ", RoleWords.All)}");

    internal static readonly Text NoSuchToken = new("有効なトークンの中に該当するものはありません", "There is no such valid token");
    internal static readonly Text NoPasswordGiven = new("標準入力にパスワードがありません", "There is no password on standard input");
    internal static readonly Text Draining = new("停止しています(実行中の処理を待っています)", "Stopping; finishing what runs");
    internal static readonly Text Stopped = new("停止しました", "Stopped");

    internal static Text UpExample(string line) => new(
        $"""
        hinoban up には、データフォルダ(なければ作成します)と監視仕様書(YAMLのファイルまたはフォルダ)が必要です。例:
            {line}
        そのほかの設定には既定値があります: 画面 {Settings.Listen.Default}、メール中継 {Settings.Smtp.Default}、監視拠点 {Settings.Sites.Default}。
        仕様書は hinoban spec check PATH で事前に確認できます。何も用意せずに試すには hinoban demo を実行してください。
        """,
        $"""
        hinoban up needs a data folder (made if missing) and monitoring specifications (a YAML file or a folder of them). For example:
            {line}
        Everything else has a default: console {Settings.Listen.Default}, mail by {Settings.Smtp.Default}, sites {Settings.Sites.Default}.
        'hinoban spec check PATH' checks specifications beforehand; 'hinoban demo' shows it all with nothing prepared.
        """);

    internal static Text DeskExample(string line) => new(
        $"""
        hinoban desk には、データフォルダ(なければ作成します)と監視仕様書が必要です。監視拠点は --listen のURLに接続します。例:
            {line}
        """,
        $"""
        hinoban desk needs a data folder (made if missing) and monitoring specifications; the sites dial in at the URL of --listen. For example:
            {line}
        """);

    internal static Text SiteExample(string line) => new(
        $"""
        hinoban site には、拠点名、監視センターのURL、鍵ファイル、データフォルダ(なければ作成します)が必要です。例:
            {line}
        鍵ファイルは、監視センター側で hinoban site key --data DIR --name NAME を実行して作成します。
        """,
        $"""
        hinoban site needs its name, the desk's URL, its key file and a data folder (made if missing). For example:
            {line}
        The key file is made at the desk by: hinoban site key --data DIR --name NAME
        """);

    internal static Text FolderMade(string path) => new($"データフォルダを作成しました: {path}", $"Made a new data folder: {path}");

    internal static Text NoSuchFolder(string path) => new(
        $"データフォルダ {path} がありません。監視センターの --data と同じフォルダを指定してください(フォルダは hinoban up または hinoban desk が初回起動時に作成します)",
        $"There is no data folder {path}. Name the folder that the desk's --data names (hinoban up or hinoban desk makes it at its first start)");

    internal static Text NoDeskIn(string path) => new(
        $"{path} は監視センターのデータフォルダではありません(desk.db がありません)。監視センターの --data と同じフォルダを指定するか、先に hinoban up または hinoban desk を起動してください",
        $"{path} is not a desk's data folder: there is no desk.db in it. Name the folder that the desk's --data names, or start hinoban up or hinoban desk first");

    internal static Text DeskLost(string file) => new(
        $"{file} がありませんが、このフォルダを使用中のプロセスがあるか、失われたデータベースの複製(desk.db.rescued)が残っています。データベースは動作中に失われています。先に監視センターを通常の手順で再起動してください(起動時に複製を使用します)",
        $"{file} is not there, but a process runs in this folder or a copy of a lost database (desk.db.rescued) lies in it: the desk's database is lost. Restart the desk first, in an orderly way; its start takes the copy");

    internal static Text PasswordUnused(string name, string data) => new(
        $"アカウント {name} の初期パスワードはまだ変更されていません。分からない場合は hinoban account password --data {data} --user {name} で再設定できます",
        $"Account {name} has not changed its initial password yet. If it is lost: hinoban account password --data {data} --user {name}");

    internal static Text FolderInUse(string path) => new(
        $"{path} は別のプロセスが使用中です。そのプロセスを停止するか、--data に別のフォルダを指定してください",
        $"{path} is in use by another process: stop that one, or name another folder with --data");

    internal static Text FolderWrong(string path, string why) => new($"{path} を使用できません: {why}", $"{path} cannot be used: {why}");

    internal static Text FileBroken(string folder, string why) => new(
        $"{folder} のデータベース desk.db が破損しています({why})。ファイルを別の場所に移し、バックアップから復元してください(docs/operate/install.md)。desk.db がなければ、空の状態で起動します",
        $"The database desk.db in {folder} is broken ({why}). Move it aside and put back a backup (docs/operate/install.md); without a desk.db the start begins with nothing");

    internal static Text FileHeld(string folder, string why) => new(
        $"{folder} のデータベース desk.db を別のプログラムがロックしています({why})。sqlite3 などでファイルを開いているプログラムを終了してから、もう一度起動してください",
        $"The database desk.db in {folder} is locked by another program ({why}): end what has it open, sqlite3 for one, and start again");

    internal static Text DatabaseWrong(string where, string why) => new($"データベース {where} を使用できません: {why}", $"The database {where} cannot be used: {why}");

    internal static Text CannotListen(string where, string why) => new(
        $"{where} で待ち受けできません: {why.TrimEnd('.')}。このサーバーのアドレスと、空いているポートを指定してください",
        $"Cannot listen on {where}: {why.TrimEnd('.')}. Name an address of this machine and a port that is free");

    internal static Text CertificateWrong(string why) => new($"証明書を使用できません: {why}", $"The certificate cannot be used: {why}");

    internal static Text Listening(string url) => new($"画面とAPI: {url}", $"Console and API: {url}");

    internal static Text Fingerprint(string sha256) => new($"証明書のSHA-256フィンガープリント: {sha256}", $"SHA-256 fingerprint of the certificate: {sha256}");

    internal static Text FirstAdmin(string password) => new(
        $"初回起動: アカウント admin、一時パスワード {password}(最初のサインインで変更してください。再表示はできません)",
        $"First start: account admin, one-time password {password} (change it at the first sign-in; it is not shown again)");

    internal static Text PasswordIs(string name, string password) => new(
        $"アカウント {name} の一時パスワード: {password}(最初のサインインで変更してください)",
        $"One-time password of account {name}: {password} (to be changed at the first sign-in)");

    internal static Text PasswordSet(string name) => new($"アカウント {name} のパスワードを設定しました", $"Set the password of account {name}");

    internal static Text AccountMade(string name) => new($"アカウント {name} を作成しました", $"Made account {name}");

    internal static Text Done(string about) => new($"完了: {about}", $"Done: {about}");
}
