using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What is wrong with hosts' checks and templates, and what would be right.</summary>
internal static class CheckText
{
    internal static readonly Text CheckWords = new(
        "`ping`、`tcp:22`、`http`、`https`、`none`、または `kind` を持つマップを書いてください", "write `ping`, `tcp:22`, `http`, `https`, `none` or a map with a `kind`");
    internal static readonly Text LayerRight = new(
        "`kind` を持つマップ、または `ping`、`tcp:22`、`none` などの語を書いてください", "write a map with a `kind`, or one word such as `ping`, `tcp:22`, `none`");
    internal static readonly Text AliveRight = new("`ping`、`tcp:22`、`none`、または `kind` を持つマップを書いてください", "write `ping`, `tcp:22`, `none` or a map with a `kind`");
    internal static readonly Text NotLookedAt = new("この監視項目は監視されません", "this check is not looked at");
    internal static readonly Text Secrets = new("プラグインのコマンドに書いた秘密の値", "secrets in a plugin's command");
    internal static readonly Text MissesSlot = new("応答待ちの間に次の監視時刻を過ぎてしまいます", "a look that is still out makes the item miss its next slot");
    internal static readonly Text ThresholdShape = new("`\"500ms, 20%\"` のように応答時間と損失率を書いてください", "write round-trip time and loss, \"500ms, 20%\"");
    internal static readonly Text ThresholdRight = new(
        "応答時間、損失率、またはその両方を \"500ms, 20%\" のように書いてください(損失率は1%から100%)", "write round-trip time, loss, or both: \"500ms, 20%\", loss from 1% to 100%");
    internal static readonly Text WarnEarlier = new("warn は crit より早く(残り日数を多く)してください", "warn earlier, with more days left, than crit");
    internal static readonly Text SlowAndAbsent = new(
        "遅い応答と無応答を区別できるように、`timeout` を延ばすか `crit` を短くしてください", "raise `timeout` or lower `crit`, so that slow and absent can be told apart");
    internal static readonly Text CommandRight = new(
        "プログラムを先頭にしたリスト [check_queue, -w, \"100\"] にしてください(シェルは通しません)", "write a list, program first: [check_queue, -w, \"100\"]; no shell reads it");
    internal static readonly Text Argument = new("引数", "an argument");
    internal static readonly Text ArgumentLong = new("引数が4000文字を超えています", "an argument is longer than 4000 characters");
    internal static readonly Text OneTextEach = new("引数1つにつき文字列1つにしてください", "write one text per argument");
    internal static readonly Text OwnEscape = new("プラグイン独自のエスケープで書いてください", "write it as the plugin's own escape");
    internal static readonly Text HostName = new("ホスト名", "a host name");
    internal static readonly Text HostNameRight = new("`www.example.jp` のようなDNS名を書いてください", "write a DNS name such as `www.example.jp`");
    internal static readonly Text Path = new("パス", "a path");
    internal static readonly Text PathRight = new(
        "`/` で始まるASCII文字列とし、空白と `#` は使わず、ほかの文字は %XX で書いてください", "begin with `/`; write ASCII without spaces and `#`, other characters as %XX");
    internal static readonly Text Program = new("プラグイン名", "a plugin's name");
    internal static readonly Text ProgramRight = new(
        "`check_queue` のようなプログラム名だけを書いてください(置き場所は事業者のプラグインフォルダです)", "write a bare program name such as `check_queue`; the provider's plugin folders hold it");
    internal static readonly Text Name = new("監視項目名", "a check's name");
    internal static readonly Text FormerName = new("監視項目の以前の名前", "a check's former name");
    internal static readonly Text RunbookName = new("手順書の名前を書くか、キーごと省いてください", "write the name of a runbook, or leave the key out");
    internal static readonly Text BuiltInReboot = new("組み込みの手順書 `reboot`", "the built-in runbook `reboot`");
    internal static readonly Text WithoutRunbook = new("監視項目は手順書なしで動きます", "the check runs without a runbook");
    internal static readonly Text Template = new("ひな形", "a template");
    internal static readonly Text TemplateName = new("ひな形名", "a template's name");
    internal static readonly Text UseRight = new("ひな形の名前、またはそのリストを書いてください", "write the name of a template, or a list of names");
    internal static readonly Text UseOnce = new("1回だけ書いてください", "use it once");
    internal static readonly Text Shallower = new("連鎖を短くしてください", "make the chain of `use` shorter");
    internal static readonly Text OutOfTheChain = new("`use` の連鎖から外してください", "take it out of the chain of `use`");

    internal static readonly Text PassiveHost = new("ホスト監視を `passive` にすることはできません", "a host check cannot be `passive`");
    internal static readonly Text PassiveHostRight = new(
        "`checks` に書くか、`alive: none` にしてください", "write it under `checks`, or `alive: none`");
    internal static readonly Text PassiveVerify = new("この監視項目は `passive` で、依頼して確認することができません", "this check is `passive` and cannot be looked at on request");
    internal static readonly Text PassiveVerifyRight = new("拠点から監視する項目を書いてください", "name a check that the sites look at");

    internal static readonly Text NotFlapping = new("`flapping` の書き方が違います", "`flapping` is not written so");
    internal static readonly Text NotAPercentage = new("百分率ではありません", "this is no percentage");
    internal static readonly Text FlapRight = new(
        "`off`、または `{ high: 50%, low: 25% }`(1%〜100%、high は low より大きく)と書いてください", "write `off`, or `{ high: 50%, low: 25% }` (1% to 100%, high above low)");

    internal static Text FlapOrder(int high, int low) => new($"`high` ({high}%) が `low` ({low}%) より大きくありません", $"`high` ({high}%) is not above `low` ({low}%)");

    internal static Text Kind(string article, string kind) => new($"`{kind}` の監視項目", $"{article} `{kind}` check");

    internal static Text NotACheck(string word) => new($"{Shown.As(word)} は監視項目として使えません", $"{Shown.As(word)} is not a check");


    internal static Text NotAKind(string kind) => new($"{Shown.As(kind)} は監視項目の種類(kind)ではありません", $"{Shown.As(kind)} is not a kind of check");

    internal static Text Via(string via) => Text.Same($"`via: {via}`");

    internal static Text LongTimeout(string timeout, string interval) => new(
        $"タイムアウト({timeout})が監視間隔({interval})より長くなっています", $"the time-out ({timeout}) is longer than the interval ({interval})");

    internal static Text NotAThreshold(string key, string text) => new(
        $"`{key}`: {Shown.As(text)} はpingのしきい値ではありません", $"`{key}`: {Shown.As(text)} is not a ping threshold");

    internal static Text DaysCrossed(int? warn, int? crit) => new(
        $"`warn`(残り{warn}日)が `crit`(残り{crit}日)より後になっています", $"`warn` at {warn} days left comes after `crit` at {crit} days");

    internal static Text ArgumentControl(int control) => new(
        $"引数に制御文字 U+{control:X4} が含まれています", $"an argument holds the control character U+{control:X4}");

    internal static Text NoMacro(string macro) => new($"マクロ {Shown.As(macro)} はありません", $"there is no macro {Shown.As(macro)}");

    internal static Text Above(string low, string lowValue, string high, string highValue) => new(
        $"`{low}`({lowValue})が `{high}`({highValue})を上回っています", $"`{low}` ({lowValue}) is above `{high}` ({highValue})");

    internal static Text ComesFirst(string low) => new($"`{low}` が先に来るよう、小さい値にしてください", $"`{low}` comes first, so it is the smaller one");

    internal static Text NotBelowTimeout(string crit, string timeout) => new(
        $"`crit`({crit})がタイムアウト({timeout})より短くなっていません", $"`crit` ({crit}) is not below the time-out ({timeout})");

    internal static Text NoRunbook(string name) => new($"手順書 {Shown.As(name)} はありません", $"there is no runbook {Shown.As(name)}");

    internal static Text CheckNamed(string name) => new($"監視項目 {Shown.As(name)}", $"check {Shown.As(name)}");

    internal static Text NoTemplate(string name) => new($"ひな形 {Shown.As(name)} はありません", $"there is no template {Shown.As(name)}");

    internal static Text TemplateTwice(string name) => new($"ひな形 {Shown.As(name)} が2回使われています", $"template {Shown.As(name)} is used twice");

    internal static Text UsesItself(string name) => new($"ひな形 {Shown.As(name)} が自分自身を使っています", $"template {Shown.As(name)} uses itself");

    internal static Text TooDeep(string name, int deepest) => new(
        $"ひな形 {Shown.As(name)} までの `use` の連鎖が{deepest}段を超えています", $"template {Shown.As(name)} is used through more than {deepest} others");

    internal static Text NoCheckToTake(string name) => new($"取り除く監視項目 {Shown.As(name)} がありません", $"there is no check {Shown.As(name)} to take away");
}
