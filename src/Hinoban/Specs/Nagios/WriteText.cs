using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>What of a Nagios configuration is not carried over, or not quite the same, why, and what a person can do.</summary>
internal static class WriteText
{
    internal static readonly Text LongCommand = new("コマンドが長すぎます", "the command is too long");
    internal static readonly Text NoProgram = new("コマンドにプログラム名がありません", "the command names no program that a plugin folder could hold");
    internal static readonly Text OpenQuote = new("引用符が閉じられていません", "a quote is not closed");
    internal static readonly Text BadArgument = new("引数に制御文字かマクロに見える文字列があるか、引数が長すぎます", "an argument has control characters, or what looks like a macro, or is too long");
    internal static readonly Text Script = new("そのコマンドを実行するスクリプトをプラグインフォルダに置き、`kind: plugin` で指定してください", "put a script that runs it into a plugin folder, and name that as `kind: plugin`");
    internal static readonly Text SecretCure = new(
        "値は仕様書に書きません。値を自分で読むスクリプト(読み取り権限はプラグインのユーザーのみ)をプラグインフォルダに置いてください",
        "the value is not written into the specification; put a script into a plugin folder that reads it from a file only the plugins' user can read");

    internal static readonly Text DefineMacro = new("値を直接書くか、スクリプトにしてください", "write the value itself, or make it a script");
    internal static readonly Text LooksAtItselfCure = new("エージェント経由の監視(`via: agent`)にするか、check_nrpe や check_by_ssh で実行してください", "look from inside (`via: agent`), or run it by check_nrpe or check_by_ssh");
    internal static readonly Text NoHostCheckCure = new("必要なら `alive: ping` を書いてください", "write `alive: ping` if it is wanted");
    internal static readonly Text PassiveHostCure = new("ホスト監視は受動にできません。必要なら `alive: ping` を書いてください", "a host check cannot be passive; write `alive: ping` if it is wanted");
    internal static readonly Text NeitherWay = new("能動も受動も無効です", "it is neither checked actively nor takes results");
    internal static readonly Text NeitherWayCure = new("監視するなら仕様書に書き加えてください", "add it to the specification if it is to be watched");
    internal static readonly Text NoFreshnessCure = new("結果が届くはずの間隔より少し長い `freshness` に直してください(例: 毎日なら 25h)", "set `freshness` a little above the time between results (25h for daily ones)");
    internal static readonly Text OnDemand = new("check_interval が 0 のため、5単位の間隔にしました", "check_interval is 0; it is looked at every 5 units instead");
    internal static readonly Text OnDemandCure = new("間隔を確認してください", "see whether that is right");
    internal static readonly Text DatesCure = new("その日だけの静観を `silences` に `from … to …` で書いてください", "write silences with `from … to …` for those days");
    internal static readonly Text HostAloneCure = new("ホストの静観はサービスにも効くため、書きませんでした。必要なら仕様書で決めてください", "a host's silence is its services' too, so none was written; decide it in the specification");
    internal static readonly Text TooManySilencesCure = new("時間帯を仕様書の `silences` に、ホスト単位などでまとめて書いてください", "write the hours as `silences`, by host for instance");
    internal static readonly Text SilencesCure = new("本当に静観してよい時間帯かをお客様と確認してください", "agree with the customer that nothing shall be told then");
    internal static readonly Text NobodyToTell = new("メールアドレスのある連絡先がないため、監視センターだけを宛先にしました", "no contact has a mail address, so the desk alone is on the list");
    internal static readonly Text NobodyToTellCure = new("`mailing_list` の `members` を書いてください", "write the `members` of the `mailing_list`");
    internal static readonly Text OneListCure = new("Hinobanではお客様ごとに1つのリストへ送ります。分ける必要があればお客様を分けてください", "Hinoban writes to one list per customer; make several customers where that must be apart");
    internal static readonly Text ContactCure = new("必要なら `mailing_list` または `calls` に書き加えてください", "add it to `mailing_list` or `calls` if it is needed");
    internal static readonly Text ParentsAndDependenciesCure = new("`all` か `any` のどちらか一方で書き直してください", "write it anew with one of `all` and `any`");
    internal static readonly Text DependsOnWell = new("正常(o)や未確認(p)を条件とする依存は表せません", "a dependency on being well (o) or pending (p) cannot be said");
    internal static readonly Text DependsOnWellCure = new("異常時の依存だけを使います", "only dependencies on failures are meant");
    internal static readonly Text NeedsWhatIsNotCure = new("監視項目にしてから `depends_on` または `parents` を書いてください", "make it an item first, then write `depends_on` or `parents`");
    internal static readonly Text LoopbackCure = new("監視拠点から見たアドレスに直してください", "write the address as the sites see it");
    internal static readonly Text BareProgram = new("プログラムがフォルダなしで指定されています", "programs are named without a folder");
    internal static readonly Text PluginFolderCure = new("監視拠点の設定 plugins.folders に、そのプログラムがあるフォルダを書いてください", "the sites' setting plugins.folders must name the folder that has them");

    internal static readonly Text EventHandler = new("イベントハンドラは実行しません", "event handlers are not run");
    internal static readonly Text EventHandlerCure = new("一次対応の手順(`runbooks`)として書いてください", "write it as a runbook (`runbooks`)");
    internal static readonly Text Volatile = new("異常のたびの通知はありません", "there is no mail for each failing result");
    internal static readonly Text VolatileCure = new("通知は障害ごとに1通です", "there is one mail for a problem");
    internal static readonly Text Reminders = new("再通知はありません", "problems are not mailed again and again");
    internal static readonly Text RemindersCure = new("監視センターがSLOの時間内に対応を始めます", "the desk begins its response within the SLO");
    internal static readonly Text Delay = new("通知の遅延は表せません", "a delayed notification cannot be said");
    internal static readonly Text DelayCure = new("対応を待つなら `silences` の `kind: wait` を使ってください", "where the response shall wait, write a silence of `kind: wait`");
    internal static readonly Text SomeStates = new("一部の状態だけの通知は表せません", "being told of some states only cannot be said");
    internal static readonly Text SomeStatesCure = new("通知しない警告は、しきい値から外すか `silences` に書いてください", "leave out the threshold, or write a silence, for what nobody shall be told");
    internal static readonly Text Stalking = new("出力の変化はすべて記録されるため、指定は不要です", "outputs are kept in any case");
    internal static readonly Text StalkingCure = new("何もする必要はありません", "nothing needs to be done");
    internal static readonly Text Notes = new("メモとリンクは仕様書にありません", "the language has no notes and links");
    internal static readonly Text NotesCure = new("対応手順なら `runbooks` に書いてください", "where they tell what to do, write a runbook");
    internal static readonly Text DisplayName = new("表示名は使いません", "display names are not used");
    internal static readonly Text DisplayNameCure = new("ホストは `name`(alias)で表示します", "a host is shown by its `name`, which is its alias");
    internal static readonly Text InheritsParent = new("依存先の依存は常に引き継がれます", "what is needed is needed with all that it needs");
    internal static readonly Text InheritsParentCure = StalkingCure;
    internal static readonly Text DependencyPeriod = new("依存関係は常に有効です", "a dependency always holds");
    internal static readonly Text DependencyPeriodCure = SilencesCure;
    internal static readonly Text OfContacts = new("連絡先ごとの時間帯と状態の指定は表せません", "hours and states of a single contact cannot be said");
    internal static readonly Text OfContactsCure = OneListCure;
    internal static readonly Text MailOnly = new("通知はメーリングリストへのメールです", "people are told by mail to the list");
    internal static readonly Text MailOnlyCure = new("メール以外の通知手段は監視センターで用意してください", "set up other ways of telling at the desk");
    internal static readonly Text EscalationCure = new("対応の開始時間は `slo`、電話の順番は `calls` に書いてください", "write `slo` for when the response begins, and `calls` for whom to call in which order");
    internal static readonly Text CustomVariablesCure = new("コマンドで使われた値だけが展開されています", "only values that commands use have been filled in");
    internal static readonly Text UnknownDirectiveCure = new("綴りを確認してください", "see whether it is spelt right");
    internal static readonly Text SettingCure = new("必要なら監視センターの設定で同じことを行ってください", "do the same in the desk's configuration if it is needed");
    internal static readonly Text ListCure = new("`mailing_list` の `address` を本当のアドレスに直してください(または --list で指定)", "write the real address of the `mailing_list` (or name it by --list)");

    internal static readonly Text RenamedCure = new("仕様書では新しい名前を使ってください(結果の送信ではNagiosの名前のままで構いません)", "say the new name in the specification; results may be fed by the old one");

    internal static readonly Text SameKeyCure = new(
        "Nagiosで片方の名前を、英数字と `.` `_` の部分が異なるように変えてください", "rename one of them in Nagios, so that they differ in letters, digits, `.` or `_`");

    internal static Text SameKey(string other, string key) => new(
        $"{Shown.As(other)} と名前から決まるキー({Shown.As(key)})が重なり、受動監視の結果を区別できません",
        $"its results could not be told from those of {Shown.As(other)}, for both names give the key of {Shown.As(key)}");

    internal static Text List(string address) => new($"メーリングリストのアドレスは仮のもの({address})です", $"the mailing list's address is a stand-in ({address})");

    internal static Text Shell(char c) => new($"シェルが必要な文字 {Shown.As(c.ToString())} があります", $"{Shown.As(c.ToString())} takes a shell, which plugins are not run by");

    internal static Text Wild(string title, char c) => new(
        $"{Shown.As(title)} のコマンドの引用符のない {Shown.As(c.ToString())} は文字のまま渡します。シェルならファイル名に置き換わることがあります",
        $"the unquoted {Shown.As(c.ToString())} in the command of {Shown.As(title)} is handed on as it is; a shell may have put names of files there");

    internal static readonly Text WildCure = new("ファイル名への置き換えが必要なら、スクリプトにしてください", "make it a script if names of files are meant");

    internal static Text NoMacro(string name) => new($"マクロ {Shown.As($"${name}$")} は使えません", $"the macro {Shown.As($"${name}$")} has no counterpart");

    internal static Text Secret(int user) => new($"$USER{user}$ の値は秘密情報かもしれません", $"the value of $USER{user}$ may be a secret");

    internal static Text NoUser(int user) => new($"$USER{user}$ はどの resource_file にもありません", $"no resource_file sets $USER{user}$");

    internal static Text CureOf(Text? why) => why is not null && why.En.StartsWith("the value of $USER", StringComparison.Ordinal) ? SecretCure
        : why is not null && why.En.StartsWith("the macro", StringComparison.Ordinal) ? DefineMacro : Script;

    internal static Text NotCarried(string title, Text why) => new($"{Shown.As(title)} は引き継いでいません: {why.Ja}", $"{Shown.As(title)} is not carried over: {why.En}");

    internal static Text LooksAtItself(string program) => new($"{program} は実行したサーバー自身を監視します", $"{program} looks at the machine it runs on, which would be the site");

    internal static Text NoHostCheck(string host) => new($"ホスト {Shown.As(host)} にはホスト監視がありません(`alive: none`)", $"host {Shown.As(host)} has no host check (`alive: none`)");

    internal static Text PassiveHost(string host) => new($"ホスト {Shown.As(host)} のホスト監視は受動です(`alive: none` にしました)", $"the host check of {Shown.As(host)} is passive (`alive: none` was written)");

    internal static Text NoFreshness(string service) => new($"受動サービス {Shown.As(service)} に鮮度の指定がないため、31日としました", $"the passive service {Shown.As(service)} has no freshness; 31 days were written");

    internal static Text OutOfRange(string key) => new($"`{key}` の値は範囲外のため、近い値にしました", $"`{key}` is out of range; the nearest value was written");

    internal static Text Dates(string period, string dates) => new($"時間帯 {Shown.As(period)} の日付 {Shown.As(dates)} は引き継いでいません", $"the dates {Shown.As(dates)} of the period {Shown.As(period)} are not carried over");

    internal static Text HostAlone(string host, string why) => new($"ホスト {Shown.As(host)} のホスト監視だけの時間帯({Shown.As(why)})は表せません", $"hours of the host check of {Shown.As(host)} alone ({Shown.As(why)}) cannot be said");

    internal static Text TooManySilences(int count) => new($"時間帯を表す静観が{count}件になるため、書きませんでした", $"{count} silences would be needed for the periods; none were written");

    internal static Text Silences(int count, string until) => new($"時間帯は{until}までの静観{count}件として書きました", $"periods are written as {count} silences until {until}");

    internal static Text OneList(int count) => new($"通知先の異なる組が{count}通りあります", $"there are {count} different groups of people who are told");

    internal static Text ContactSilent(string name) => new($"連絡先 {Shown.As(name)} は通知が無効です", $"the contact {Shown.As(name)} is told nothing");

    internal static Text ContactWithoutMail(string name) => new($"連絡先 {Shown.As(name)} に正しいメールアドレスがありません", $"the contact {Shown.As(name)} has no right mail address");

    internal static Text Pager(string name) => new($"連絡先 {Shown.As(name)} の pager は電話番号ではありません", $"the pager of {Shown.As(name)} is no phone number");

    internal static Text ParentsAndDependencies(string title) => new($"{Shown.As(title)} の依存関係は、複数の親(いずれか)と同時には表せません", $"the dependencies of {Shown.As(title)} cannot be said beside several parents, of which any is enough");

    internal static Text NeedsWhatIsNot(string title) => new($"引き継いでいない {Shown.As(title)} への依存です", $"it needs {Shown.As(title)}, which is not carried over");

    internal static Text NoAddress(string host, string address, int services) => new(
        $"ホスト {Shown.As(host)} のアドレス {Shown.As(address)} を使えないため、サービス{services}件とともに引き継いでいません",
        $"host {Shown.As(host)} and its {services} services are not carried over: {Shown.As(address)} is no address");

    internal static Text Loopback(string host) => new($"ホスト {Shown.As(host)} のアドレスはNagiosのサーバー自身を指し、監視拠点では拠点自身になります", $"the address of {Shown.As(host)} means the Nagios machine itself; at a site it means the site");

    internal static Text Renamed(string name, string key) => new($"名前 {Shown.As(name)} は {Shown.As(key)} としました", $"the name {Shown.As(name)} became {Shown.As(key)}");

    internal static Text Zone(string zone) => new($"タイムゾーン {Shown.As(zone)} を使えません", $"the time zone {Shown.As(zone)} is not known");

    internal static Text PluginFolder(string folder) => new($"プラグインのフォルダ {Shown.As(folder)} を使っています", $"plugins are run from {Shown.As(folder)}");

    internal static Text SecretUser(int user) => new($"resource_file の $USER{user}$ は引き継いでいません", $"$USER{user}$ of the resource_file is not carried over");

    internal static Text Setting(string key) => new($"`{key}` は引き継いでいません", $"`{key}` is not carried over");

    internal static Text Directive(string type, string key, int count, Text why) => new($"{type} の `{key}`({count}か所): {why.Ja}", $"`{key}` of {Counted.Of(count, type)}: {why.En}");

    internal static Text UnknownDirective(string type, string key, int count) => new($"{type} の {Shown.As(key)}({count}か所)は知らない指定です", $"{Shown.As(key)} of {Counted.Of(count, type)} is not known");

    internal static Text CustomVariables(string type, int count) => new($"{type} のカスタム変数が{count}個あります", $"there are {Counted.Of(count, "custom variable")} of {type}s");

    internal static Text Addresses(int count) => new($"連絡先の追加アドレス(address1 など)が{count}個あります", $"there are {Counted.Of(count, "further address line")} of contacts");

    internal static Text Escalation(int count) => new($"エスカレーション(対象{count}件)は引き継いでいません", $"the escalation of {Counted.Of(count, "item")} is not carried over");
}
