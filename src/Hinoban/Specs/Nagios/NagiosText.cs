using Hinoban.Basics;

namespace Hinoban.Specs.Nagios;

/// <summary>What is wrong in a Nagios configuration, and what would be right.</summary>
internal static class NagiosText
{
    internal static readonly Text LongLineRight = new("Nagiosの設定ファイルかどうかを確認してください", "see whether this is a Nagios configuration");
    internal static readonly Text NoConfiguration = LongLineRight;
    internal static readonly Text CloseIt = new("`}` だけの行で定義を閉じてください", "close the definition by a line that is `}` alone");
    internal static readonly Text Brace = new("`define` の行が `{` で終わっていません", "the `define` line does not end in `{`");
    internal static readonly Text BraceRight = new("`define host {` のように書いてください", "write for instance `define host {`");
    internal static readonly Text StrayRight = new("定義の中の行か、`define 種類 {` で始まる行だけを書けます", "outside of definitions only `define TYPE {` may stand");
    internal static readonly Text NoPair = new("`名前=値` の形になっていません", "this is no `name=value`");
    internal static readonly Text NoPairRight = new("`cfg_file=objects/hosts.cfg` のように書いてください", "write for instance `cfg_file=objects/hosts.cfg`");
    internal static readonly Text NamesNothing = new("cfg_file も cfg_dir もありません", "there is neither `cfg_file` nor `cfg_dir`");
    internal static readonly Text NamesNothingRight = new("Nagiosのメイン設定ファイル(nagios.cfg)を指定してください", "name Nagios' main configuration file (nagios.cfg)");
    internal static readonly Text NoFileRight = new("名前を直すか、その行を除いてください", "mend the name, or take the line out");
    internal static readonly Text IncludeOnce = new("1つのファイルは1か所だけで指定してください", "name each file in one place");
    internal static readonly Text Binary = new("NUL文字があり、設定ファイルではありません", "there is a NUL character: this is no configuration file");
    internal static readonly Text NotUtf8 = new("UTF-8ではない文字があります。この文字は `\ufffd` になります", "not UTF-8 from here on; such characters become `\ufffd`");
    internal static readonly Text NotUtf8Right = new("名前や別名に使っている場合は、UTF-8に変換してから取り込んでください(例: iconv -f EUC-JP -t UTF-8)", "if names or aliases have them, convert the file to UTF-8 first (for instance iconv -f EUC-JP -t UTF-8)");
    internal static readonly Text OneName = new("名前は1か所だけで定義してください", "define a name once");
    internal static readonly Text NoTemplateRight = new("`name` でひな形を定義してください", "define a template with this `name`");
    internal static readonly Text TemplateLoopRight = new("ひな形は自分自身を直接にも間接にも使えません", "a template cannot use itself, not by others either");
    internal static readonly Text GroupLoopRight = new("グループは自分自身を直接にも間接にも含められません", "a group cannot hold itself, not by others either");
    internal static readonly Text LacksRight = new("書き加えるか、ひな形であれば `register 0` を書いてください", "add it, or `register 0` if it is a template");
    internal static readonly Text DefineIt = new("定義するか、名前を直してください", "define it, or mend the name");
    internal static readonly Text NoHostOrName = new("サービスに `service_description` または `host_name`・`hostgroup_name` がありません", "the service lacks `service_description`, or `host_name` and `hostgroup_name` both");
    internal static readonly Text NoHostOrNameRight = LacksRight;
    internal static readonly Text OnNoHostRight = new("ホストを指定するか、nagios.cfgに `allow_empty_hostgroup_assignment=1` を書いてください", "name a host, or set `allow_empty_hostgroup_assignment=1` in nagios.cfg");
    internal static readonly Text ServiceTwiceRight = new("Nagiosと同じく、片方だけを使います", "one of them is used, as Nagios does");
    internal static readonly Text HoursRight = new("`monday 09:00-17:00` や `december 25 00:00-24:00` のように書いてください", "write for instance `monday 09:00-17:00` or `december 25 00:00-24:00`");
    internal static readonly Text OddMembers = new("サービスグループの members が、ホストとサービスの組になっていません", "the members of a service group are not pairs of host and service");
    internal static readonly Text OddMembersRight = new("`members web01,HTTP,web02,HTTP` のように書いてください", "write for instance `members web01,HTTP,web02,HTTP`");
    internal static readonly Text DependsOnNothing = new("依存関係のどちら側にもホストがありません", "neither side of the dependency names a host");
    internal static readonly Text DependsOnNothingRight = new("`host_name` または `dependent_host_name` を書いてください", "write `host_name` or `dependent_host_name`");
    internal static readonly Text CircleRight = new("循環しないようにしてください", "no circle is possible");

    internal static Text LongLine(int most) => new($"1行が{most}文字を超えています", $"a line of more than {most} characters");

    internal static Text TooMany(int most) => new($"指摘が{most}件を超えました", $"more than {most} remarks");

    internal static Text NotClosed(int line) => new($"{line}行目で始まった定義が閉じられていません", $"the definition that begins in line {line} is not closed");

    internal static Text Stray(string line) => new($"定義の外に {Shown.As(line)} があります", $"{Shown.As(line)} stands outside of a definition");

    internal static Text NoType(string type) => new($"{Shown.As(type)} という種類の定義はありません", $"there is no definition of type {Shown.As(type)}");

    internal static Text NoFile(string path) => new($"ファイル {Shown.As(path)} がありません", $"there is no file {Shown.As(path)}");

    internal static Text Unreadable(string path) => new($"{Shown.As(path)} を読めません", $"{Shown.As(path)} cannot be read");

    internal static Text TooBig(string path, long megabytes) => new($"{Shown.As(path)} は{megabytes}MBを超えています", $"{Shown.As(path)} is larger than {megabytes} MB");

    internal static Text TooMuch(long megabytes) => new($"設定ファイルが合計で{megabytes}MBを超えています", $"the configuration is larger than {megabytes} MB in all");

    internal static Text TooDeep(int deepest) => new($"フォルダまたは取り込みが{deepest}段を超えています", $"folders or inclusions more than {deepest} deep");

    internal static Text IncludesItself(string path) => new($"{Shown.As(path)} が自分自身を取り込んでいます", $"{Shown.As(path)} includes itself");

    internal static Text ReadBefore(string path) => new($"{Shown.As(path)} はすでに読み込みました", $"{Shown.As(path)} was read before");

    internal static Text NoTemplate(string type, string name) => new($"{type} のひな形 {Shown.As(name)} がありません", $"there is no {type} template {Shown.As(name)}");

    internal static Text TemplateLoop(string name) => new($"ひな形 {Shown.As(name)} が循環しています", $"the template {Shown.As(name)} leads back to itself");

    internal static Text TemplatesDeep(int deepest) => new($"ひな形が{deepest}段を超えています", $"templates more than {deepest} deep");

    internal static Text TemplateTwice(string name, SpecPlace first) => new($"ひな形 {Shown.As(name)} は {Where(first)} ですでに定義されています", $"the template {Shown.As(name)} is already defined at {Where(first)}");

    internal static Text Twice(string type, string name, SpecPlace first) => new($"{type} {Shown.As(name)} は {Where(first)} ですでに定義されています", $"the {type} {Shown.As(name)} is already defined at {Where(first)}");

    internal static Text ServiceTwice(string host, string description, SpecPlace other) => new(
        $"サービス {Shown.As($"{host}/{description}")} は {Where(other)} でも定義されています", $"the service {Shown.As($"{host}/{description}")} is defined at {Where(other)} too");

    internal static Text GroupLoop(string group, string part) => new($"グループ {Shown.As(group)} と {Shown.As(part)} が互いに含み合っています", $"the groups {Shown.As(group)} and {Shown.As(part)} hold each other");

    internal static Text Lacks(string type, string key) => new($"{type} に `{key}` がありません", $"the {type} lacks `{key}`");

    internal static Text NoSuch(string type, string name) => new($"{type} {Shown.As(name)} はありません", $"there is no {type} {Shown.As(name)}");

    internal static Text NoService(string host, string description) => new($"サービス {Shown.As($"{host}/{description}")} はありません", $"there is no service {Shown.As($"{host}/{description}")}");

    internal static Text OnNoHost(string description) => new($"サービス {Shown.As(description)} の対象ホストがありません", $"the service {Shown.As(description)} is on no host");

    internal static Text NotHours(string line) => new($"時間帯の指定 {Shown.As(line)} を読めません", $"{Shown.As(line)} cannot be read as hours");

    internal static Text OwnParent(string host) => new($"ホスト {Shown.As(host)} が自分自身を親にしています", $"host {Shown.As(host)} is its own parent");

    internal static Text ParentCircle(string circle) => new($"親ホストが循環しています: {circle}", $"parents in a circle: {circle}");

    internal static Text DependencyCircle(string circle) => new($"依存関係が循環しています: {circle}", $"dependencies in a circle: {circle}");

    internal static string Where(SpecPlace at) => Shown.Tame($"{at.File}:{at.Line}", 200);
}
