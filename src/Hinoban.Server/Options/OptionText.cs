using Hinoban.Basics;

namespace Hinoban.Server.Options;

/// <summary>What the settings mean and what can be wrong with them.</summary>
internal static class OptionText
{
    internal static readonly Text Config = new("設定ファイル(YAML)。省略時はデータフォルダの hinoban.yaml", "configuration file (YAML); otherwise hinoban.yaml in the data folder, if there");
    internal static readonly Text Data = new("データフォルダ(なければ作成)", "data folder, made if missing");
    internal static readonly Text Specs = new("監視仕様書のファイルまたはフォルダ(複数可)", "monitoring specifications: a file or folder, any number of them");
    internal static readonly Text Listen = new("待ち受けるURL。https で証明書がなければ自己署名証明書を作成", "URL to listen on; https without a certificate makes a self-signed one");
    internal static readonly Text TrustedProxies = new("X-Forwarded-For と X-Forwarded-Proto を信用するリバースプロキシのIPアドレス", "IP addresses of the reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed");
    internal static readonly Text Smtp = new("メール中継サーバー(ホスト:ポート)", "mail relay, HOST:PORT");
    internal static readonly Text Sites = new("事業者の監視拠点。up では同じプロセスで動く", "the provider's sites; with 'up' they run inside this process");
    internal static readonly Text Language = new("画面とメッセージの既定の言語(ja または en)", "default language of pages and messages, ja or en");
    internal static readonly Text TimeZone = new("画面の既定のタイムゾーン(各自の設定で変更可)", "default time zone of pages; people may choose another one");
    internal static readonly Text Log = new("ログの形式(line または json)", "form of log lines, line or json");
    internal static readonly Text Name = new("この監視拠点の名前", "this site's name");
    internal static readonly Text Desk = new("監視センターのURL(ノードが2つならすべて)", "URL of the desk; with two desk nodes, of both");
    internal static readonly Text Key = new("監視拠点の秘密鍵ファイル(hinoban site key で作成)", "this site's private key file, made by 'hinoban site key'");
    internal static readonly Text Anchors = new("監視拠点が自分の回線を確かめる基準点(ホスト:ポート。ポートなしは ping。後に @回線事業者 を付けられます)", "anchors by which a site tells whether its own way out works: HOST:PORT, or HOST to be pinged; @CARRIER may follow");
    internal static readonly Text AnchorQuorum = new("応答すべき基準点の数。省略時は半数(切り上げ)", "how many anchors must answer; otherwise half of them, rounded up");
    internal static readonly Text Carriers = new("各監視拠点の回線事業者(拠点=事業者)", "whose network each site goes out by, SITE=CARRIER");
    internal static readonly Text Peers = new("監視拠点どうしが互いに接続する先(拠点=URL)。監視センター不在時の代行に必要", "where the sites reach each other, SITE=https://HOST:PORT; needed to speak while the desk is away");
    internal static readonly Text PeerListen = new("他の監視拠点からの接続を待ち受けるURL", "URL on which this site listens for the other sites");
    internal static readonly Text NotAPeer = new("拠点=https://ホスト:ポート ではありません", "this is not SITE=https://HOST:PORT of a site in 'sites'");
    internal static readonly Text PeerRight = new("tokyo=https://tokyo.example.jp:8444 のように書いてください", "write each as tokyo=https://tokyo.example.jp:8444");
    internal static readonly Text PeerListenRight = new("https://0.0.0.0:8444 のように書いてください", "write it as https://0.0.0.0:8444");
    internal static readonly Text HeartbeatUrl = new("監視センターが正常な間、毎分呼び出す外部のURL", "URL of an independent party, called each minute while the desk is well");
    internal static readonly Text HeartbeatMethod = new("その呼び出し方(get または post)", "how it is called, get or post");
    internal static readonly Text Database = new("PostgreSQLの接続文字列。省略時はデータフォルダのSQLite", "PostgreSQL connection string; otherwise SQLite in the data folder");
    internal static readonly Text DatabaseFile = new("接続文字列が書かれたファイル", "file that holds the connection string");
    internal static readonly Text Nodes = new("監視センターのノード数(1 または 2)", "how many desk nodes there are, 1 or 2");
    internal static readonly Text NodeName = new("このノードの名前。省略時はホスト名", "this desk node's name; otherwise the host's name");
    internal static readonly Text NodeUrl = new("このノードの外から見たURL。省略時は listen", "this node's URL as others reach it; otherwise that of 'listen'");
    internal static readonly Text Provider = new("事業者の名称", "the provider's name");
    internal static readonly Text TlsCertificate = new("サーバー証明書(PEM、中間証明書を含む)", "server certificate with its chain, PEM");
    internal static readonly Text TlsKey = new("サーバー証明書の秘密鍵(PEM)", "the certificate's private key, PEM");
    internal static readonly Text MailTls = new("中継サーバーとの暗号化(none, if-offered, starttls, implicit)", "protection towards the relay: none, if-offered, starttls or implicit");
    internal static readonly Text MailUser = new("SMTP認証のユーザー名", "user name for SMTP AUTH");
    internal static readonly Text MailPassword = new("SMTP認証のパスワード(環境変数のみ)", "password for SMTP AUTH, from the environment only");
    internal static readonly Text MailPasswordFile = new("SMTP認証のパスワードが書かれたファイル", "file that holds the password for SMTP AUTH");
    internal static readonly Text MailCaFile = new("中継サーバーの証明書を検証する認証局の証明書(PEM)。省略時はシステムのもの", "certificates that the relay's is checked against, PEM; otherwise the system's");
    internal static readonly Text MailDomain = new("Message-IDと差出人のドメイン。省略時はホスト名", "domain of Message-IDs and senders; otherwise the host's name");
    internal static readonly Text MailDeskMailbox = new("監視センター自身の宛先。ここへの配送でSLOの計時が始まる", "the desk's own mailbox, whose acceptance starts the SLO clock");
    internal static readonly Text MailDeskName = new("差出人の表示名", "display name of the sender");
    internal static readonly Text MailRelayLog = new("中継サーバー(Postfix)のログ。結果不明の配送を照合する", "the relay's log (Postfix), to look up deliveries whose outcome a crash left unknown");
    internal static readonly Text MailGiveUpAfter = new("配送をあきらめるまでの時間", "how long a delivery is tried");
    internal static readonly Text MailTimeout = new("SMTPの各段階の制限時間", "time limit of each step of the SMTP dialogue");
    internal static readonly Text SecondSmtp = new("第2中継サーバー(ホスト:ポート)。最初の中継サーバーで送れない宛先に使う", "second relay, HOST:PORT, for recipients that the first does not serve");
    internal static readonly Text SecondAfter = new("最初の中継サーバーの不通・一時拒否がこの時間続いたら第2中継サーバーを使う", "how long the first relay may be away, or put a recipient off, before the second is used");
    internal static readonly Text InboundListen = new("メールの受信口(LMTP)。ループバックのアドレス:ポート、または unix:パス。省略時は受信しない", "where mail comes in by LMTP: loopback ADDRESS:PORT, or unix:PATH; otherwise none does");
    internal static readonly Text InboundLargest = new("受信するメールの最大の大きさ", "the largest mail that is taken");
    internal static readonly Text InboundArrivalEvery = new("監視センターが自分宛ての確認メールを送る間隔(off で送らない)", "how often the desk sends itself a test mail; off for never");
    internal static readonly Text InboundArrivalWithin = new("確認メールが戻るまでの制限時間", "how long that mail may take before it is an alarm");
    internal static readonly Text InboundKeepPosts = new("どのインシデントにも属さない登録者の投稿を保管する期間", "how long a member's post is kept that belongs to no incident");
    internal static readonly Text InboundKeepOthers = new("登録者以外や機械からのメール(ヘッダーと冒頭のみ)を保管する期間", "how long header and beginning of strangers' and machines' mails are kept");
    internal static readonly Text InboundArchiveLimit = new("受信メールの保管量の上限", "the most that all mails that came in may take");
    internal static readonly Text ArchiveSizeRight = new("500MB や 5GB のように、100MB から 10000GB で書いてください", "write it as 500MB or 5GB, between 100MB and 10000GB");
    internal static readonly Text NotAnInbound = new("受信口として使えません", "this cannot be the door for mail");
    internal static readonly Text InboundRight = new("127.0.0.1:8024 または unix:/run/hinoban/lmtp のように書いてください", "write it as 127.0.0.1:8024 or unix:/run/hinoban/lmtp");
    internal static readonly Text NotASize = new("大きさではありません", "this is not a size");
    internal static readonly Text SizeRight = new("25MB のように、1MB から 200MB で書いてください", "write it as 25MB, between 1MB and 200MB");
    internal static readonly Text SecondNeedsSmtp = new("mail.second.smtp がありません", "mail.second.smtp is not set");
    internal static readonly Text SamplesKeepRaw = new("測定値をそのまま残す期間", "how long measurements are kept look by look");
    internal static readonly Text SamplesKeepHours = new("1時間ごとの集計を残す期間", "how long their hourly figures are kept");
    internal static readonly Text SamplesKeepDays = new("1日ごとの集計を残す期間", "how long their daily figures are kept");
    internal static readonly Text RemoteWriteUrl = new("測定値の送り先(Prometheus remote-write)", "where all measurements are sent on to (Prometheus remote-write)");
    internal static readonly Text RemoteWriteUser = new("送り先のユーザー名", "user name there");
    internal static readonly Text RemoteWritePasswordFile = new("そのパスワードを書いたファイル", "file that holds the password");
    internal static readonly Text RemoteWriteTokenFile = new("送り先のトークンを書いたファイル", "file that holds a token, where there is no user");
    internal static readonly Text PluginFolders = new("プラグインを実行してよいフォルダ", "folders that plugins may be run from");
    internal static readonly Text PluginUser = new("プラグインを実行するユーザー。省略時は自分自身", "user that plugins run as; otherwise our own");
    internal static readonly Text SshIdentity = new("一次対応とSSH経由の監視に使うSSH秘密鍵。省略時はデータフォルダの ssh/id_ed25519", "private key for first response and for looks over SSH; otherwise ssh/id_ed25519 in the data folder, if there");
    internal static readonly Text SshProgram = new("OpenSSHクライアント", "the OpenSSH client");
    internal static readonly Text SshConnectTimeout = new("SSH接続の制限時間", "time limit for an SSH connection");

    internal static readonly Text NotSet = new("指定されていません", "this is not set");
    internal static readonly Text Empty = new("値が空です", "the value is empty");
    internal static readonly Text Nothing = new("", "");
    internal static readonly Text UnknownKey = new("このような設定項目はありません", "there is no such setting");
    internal static readonly Text NotAValue = new("値ではなく入れ子になっています", "a value belongs here, not a nesting");
    internal static readonly Text OneValueOnly = new("値は1つだけです", "only one value is possible");
    internal static readonly Text FileUnreadable = new("ファイルを読めません", "the file cannot be read");
    internal static readonly Text KeptTooShort = new("期間が短すぎます", "this is too short");
    internal static readonly Text KeepADay = new("1d 以上にしてください", "write 1d or more");
    internal static readonly Text UserAndPassword = new("ユーザー名とパスワードのファイルは両方必要です", "user and password file belong together");
    internal static readonly Text UserAndPasswordRight = new(
        "remote_write.user と remote_write.password_file の両方を指定するか、どちらも省いてください", "set both remote_write.user and remote_write.password_file, or neither");
    internal static readonly Text SignsInTwice = new("トークンとユーザー名の両方が指定されています", "both a token and a user are set");
    internal static readonly Text SignsInTwiceRight = new("どちらか一方にしてください", "set one of them");
    internal static readonly Text NeedsRemoteWrite = new("remote_write.url がありません", "remote_write.url is not set");
    internal static readonly Text SecretInTheClear = new(
        "警告: http:// のため、パスワードまたはトークンが暗号化されずに送られます", "warning: http:// sends the password or token unencrypted, for everybody on the way to read");

    internal static readonly Text RemoteWriteRight = new("https://ホスト/api/v1/write のように書いてください", "write it as https://HOST/api/v1/write");
    internal static readonly Text SecretInFile = new("秘密の値を設定ファイルに書かないでください", "a secret must not stand in this file");
    internal static readonly Text SecretRight = new("環境変数 HINOBAN_MAIL_PASSWORD または mail.password_file を使ってください", "use the variable HINOBAN_MAIL_PASSWORD or mail.password_file");
    internal static readonly Text DatabaseSecretRight = new(
        "環境変数 HINOBAN_DATABASE、database_file、または接続文字列の Passfile を使ってください", "use the variable HINOBAN_DATABASE, database_file, or Passfile in the connection string");
    internal static readonly Text DatabaseTwice = new("database と database_file の両方が指定されています", "both database and database_file are set");
    internal static readonly Text DatabaseRight = new(
        "Host=db.example.jp;Database=hinoban;Username=hinoban のように書いてください", "write it as Host=db.example.jp;Database=hinoban;Username=hinoban");
    internal static readonly Text NodesNeedServer = new("ノードを2つにするにはPostgreSQLが必要です", "two desk nodes need PostgreSQL");
    internal static readonly Text NodesNeedServerRight = new("database または database_file を指定してください", "set database or database_file");
    internal static readonly Text NodesNeedDesk = new("ノードを2つにできるのは hinoban desk だけです", "two nodes are for 'hinoban desk'");
    internal static readonly Text NodesNeedDeskRight = new("監視拠点は hinoban site で別に起動してください", "run the sites by 'hinoban site'");
    internal static readonly Text DataInDataFolder = new("データフォルダの中の設定ファイルでは指定できません", "cannot be set in a file that was found in the data folder");
    internal static readonly Text NotAUrl = new("URLではありません", "this is not a URL");
    internal static readonly Text ListenRight = new("http://アドレス:ポート または https://アドレス:ポート としてください", "write http://ADDRESS:PORT or https://ADDRESS:PORT");
    internal static readonly Text DeskRight = new("http://ホスト:ポート または https://ホスト:ポート としてください", "write http://HOST:PORT or https://HOST:PORT");
    internal static readonly Text SmtpRight = new("ホスト:ポート としてください(例 127.0.0.1:25)", "write HOST:PORT, such as 127.0.0.1:25");
    internal static readonly Text NotHostPort = new("ホスト:ポートではありません", "this is not HOST:PORT");
    internal static readonly Text NotADuration = new("時間ではありません", "this is not a duration");
    internal static readonly Text DurationRight = new("30s、10m、2h、2d のように書いてください", "write it as 30s, 10m, 2h or 2d");
    internal static readonly Text NotAnAnchor = new("基準点として使えません", "this is not an anchor");
    internal static readonly Text AnchorRight = new("192.0.2.1:53 や anchor.example.jp のように、回線事業者が分かれば後に @事業者 を付けて書いてください", "write each as 192.0.2.1:53 or anchor.example.jp, with @CARRIER behind it where that is known");
    internal static readonly Text NotAQuorum = new("基準点の数に合いません", "this does not fit the number of anchors");
    internal static readonly Text NotACarrier = new("拠点=事業者ではありません", "this is not SITE=CARRIER of a site in 'sites'");
    internal static readonly Text CarrierRight = new("tokyo=ntt のように書いてください", "write each as tokyo=ntt");
    internal static readonly Text SitesShareCarrier = new("同じ回線事業者の監視拠点があります", "sites go out by the same carrier");
    internal static readonly Text SitesShareCarrierRight = new("その事業者の障害では互いを確かめられません", "when it fails they cannot vouch for each other");
    internal static readonly Text FewAnchors = new("基準点が3か所未満です", "there are fewer than three anchors");
    internal static readonly Text FewAnchorsRight = new("事業者の異なる3か所以上を書いてください。少ないと、基準点自身の障害でこの監視拠点が孤立します", "write three or more, of different operators: with fewer, an anchor's own failure isolates this site");
    internal static readonly Text AnchorsOfOwnCarrierRight = new("事業者の網内だけが生きている障害を孤立と判別できません。他の事業者の基準点を加えてください", "a carrier that lost the way out of its own network would look well; add anchors of others");
    internal static readonly Text NoHeartbeat = new("外部への生存通知がありません", "no heartbeat goes out");
    internal static readonly Text NoHeartbeatRight = new("監視センターが停止しても誰も気付きません。独立した監視サービスのURLを書いてください", "a desk that is dead would be noticed by nobody; write the URL of an independent party");
    internal static readonly Text NoPeers = new("監視拠点どうしの接続先がありません", "the sites have no peers");
    internal static readonly Text NoPeersRight = new("監視センターの停止中はお客様に通知できません。tokyo=https://tokyo.example.jp:8444 のように書いてください", "while the desk is away no customer is told anything; write each as tokyo=https://tokyo.example.jp:8444");
    internal static readonly Text NoCarriersRight = new("同じ回線を共有していても分かりません。tokyo=ntt のように書いてください", "that two share a line would not be seen; write each as tokyo=ntt");
    internal static readonly Text NoAnchors = new("基準点がありません", "no anchors are set");
    internal static readonly Text NoAnchorsRight = new("この監視拠点の回線が切れても対象の障害と区別できません", "a broken way out of this site cannot be told from targets that are down");
    internal static readonly Text NameReserved = new("desk は監視センター自身の名前です", "'desk' is the desk itself");
    internal static readonly Text OutsideUrlRight = new("https://ホスト/パス としてください", "write https://HOST/PATH");
    internal static readonly Text NotAName = new("名前として使えません", "this cannot be used as a name");
    internal static readonly Text NameRight = new("英小文字・数字・ハイフンで40文字以内にしてください", "use at most 40 lower-case letters, digits and hyphens");
    internal static readonly Text Twice = new("同じ名前が2回あります", "the same name stands twice");
    internal static readonly Text NoSuchFile = new("ファイルがありません", "this file does not exist");
    internal static readonly Text NoSuchPath = new("ファイルもフォルダもありません", "this is neither a file nor a folder");
    internal static readonly Text NotAFolder = new("フォルダとして使えません", "this cannot be used as a folder");
    internal static readonly Text NotADomain = new("ドメイン名ではありません", "this is not a domain name");
    internal static readonly Text NotAZone = new("タイムゾーンではありません", "this is not a time zone");
    internal static readonly Text ZoneRight = new("例: Asia/Tokyo", "for example Asia/Tokyo");
    internal static readonly Text DomainRight = new("mon.example.jp のように書いてください", "write it as mon.example.jp");
    internal static readonly Text IpAddressRight = new("10.0.0.5 や 2001:db8::5 のように1台ずつ書いてください", "write each one as 10.0.0.5 or 2001:db8::5");
    internal static readonly Text NotAnAddress = new("メールアドレスではありません", "this is not a mail address");
    internal static readonly Text AddressRight = new("desk@example.jp のように書いてください", "write it as desk@example.jp");
    internal static readonly Text PairMissing = new("証明書と秘密鍵は両方指定してください", "certificate and key belong together");
    internal static readonly Text PairRight = new("tls.certificate と tls.key の両方を指定するか、どちらも省いてください", "set both tls.certificate and tls.key, or neither");
    internal static readonly Text PasswordMissing = new("mail.user がありますがパスワードがありません", "mail.user is set without a password");
    internal static readonly Text PasswordTwice = new("パスワードが2か所で指定されています", "the password is given in two places");
    internal static readonly Text SshMissing = new("実行できるプログラムがありません", "this program does not exist");
    internal static readonly Text UnknownVariable = new("このような環境変数は使いません", "no setting uses this variable");

    internal static readonly Text NoMailDomainRight = new("mail.domain に mon.example.jp のようなドメインを指定してください", "set mail.domain to a domain such as mon.example.jp");

    internal static Text AnchorsOfOwnCarrier(string carrier) => new($"基準点がすべて自身の回線事業者({carrier})にあります", $"all anchors are at the site's own carrier ({carrier})");

    internal static Text NoCarriers(string sites) => new($"回線事業者が書かれていない監視拠点があります({sites})", $"the carrier of sites is not written ({sites})");

    internal static Text NoMailDomain(string machine) => new(
        $"警告: 指定がないため、Message-IDと差出人のドメインはマシン名「{machine}」になります。多くの中継サーバーで拒否されます",
        $"warning: not set, so Message-IDs and senders end in '@{machine}', which many relays refuse");

    internal static Text KeepAsLongAs(Setting finer) => new($"{finer.Key} 以上にしてください", $"write at least as much as {finer.Key}");

    internal static Text NotAnIpAddress(string value) => new($"「{value}」はプロキシのIPアドレスではありません", $"'{value}' is not the IP address of a proxy");

    internal static Text QuorumRight(int anchors) => new($"1から{anchors}までにしてください", $"write a number from 1 to {anchors}");

    internal static Text NotOneOf(string value) => new($"「{value}」は使えません", $"'{value}' is not possible");

    internal static Text OneOf(IEnumerable<string> words) => new($"{string.Join("、", words)} のいずれかにしてください", $"write one of {string.Join(", ", words)}");

    internal static Text SetIt(Setting setting, bool flag) => new(
        $"{(flag ? setting.Flag + "、" : "")}環境変数 {setting.Variable}、設定ファイルの {setting.Key}: のいずれかで指定してください",
        $"set it by {(flag ? setting.Flag + ", " : "")}{setting.Variable}, or {setting.Key}: in the configuration file");

    internal static Text DidYouMean(string near) => new($"「{near}」ではありませんか", $"did you mean '{near}'?");

    internal static readonly Text NotUtf8 = new("UTF-8ではありません(この位置以降)", "not UTF-8, from here on");
    internal static readonly Text SaveAsUtf8 = new("UTF-8で保存してください", "save the file as UTF-8");
    internal static readonly Text YamlEnds = new("YAMLとして読めません: ここから先を読み取れません", "not readable as YAML: the text cannot be read on from here");

    internal static Text YamlTooDeep(int levels) => new($"入れ子が{levels}段を超えています", $"nested deeper than {levels} levels");

    internal static Text YamlWrong(string reason) => new($"YAMLとして読めません: {reason}", $"not readable as YAML: {reason}");
}
