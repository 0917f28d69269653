using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What is wrong with looks from inside a host, and what would be right.</summary>
internal static class AgentText
{
    internal static readonly Text FromRight = new("監視を実行するホストの名前を書いてください", "write the name of the host on which it is to be done");
    internal static readonly Text OnlyAgentRight = new(
        "`via` を外すか、`kind: plugin` と `command` で書いてください", "leave `via` out, or write it as `kind: plugin` with its `command`");
    internal static readonly Text DaemonCommand = new("NRPEのコマンド名", "the name of an NRPE command");
    internal static readonly Text DaemonCommandRight = new(
        "デーモン側の `command[check_load]=…` の名前を書いてください", "write the name as in the daemon's `command[check_load]=…`");
    internal static readonly Text DaemonArgumentRight = new("`!` と制御文字は使えません", "write it without `!` and control characters");
    internal static readonly Text NoCommand = new("`command` はNRPEデーモン側の名前で、`via: nrpe` のときだけ書けます", "`command` is an NRPE daemon's own name, for `via: nrpe` only");
    internal static readonly Text NoCommandRight = new("`command` を外してください", "leave `command` out");
    internal static readonly Text DaemonThresholdsRight = new(
        "`hinoban spec agent` が出力する設定をデーモンに入れてください。ここに書くだけでは効きません",
        "give the daemon the lines that `hinoban spec agent` writes; here alone they have no effect");
    internal static readonly Text Mount = new("マウント先", "a mount point");
    internal static readonly Text MountRight = new("`/var` のように `/` で始まるパスを書いてください", "write a path that begins with `/`, such as `/var`");
    internal static readonly Text ProcessName = new("プロセス名", "the name of a process");
    internal static readonly Text ProcessNameRight = new("`nginx` のようにプログラム名だけを書いてください", "write the program's name alone, such as `nginx`");
    internal static readonly Text RunAs = new("`run_as` は `via: agent` のときだけ書けます", "`run_as` is for `via: agent` only");
    internal static readonly Text RunAsRight = new("外すか、`via: agent` にしてください", "leave it out, or write `via: agent`");
    internal static readonly Text Evidence = new("`evidence` はホストの内側から監視する項目では効きません", "`evidence` has no effect on a check from inside the host");
    internal static readonly Text EvidenceRight = new("届いた結果は常に対象自身の応答として扱います", "what arrives is always the target's own answer");
    internal static readonly Text ProgramRight = new(
        "`check_queue` のようなプログラム名(ホストのプラグインフォルダ内)か、`/` で始まるパスを書いてください",
        "write a program name such as `check_queue` (in the host's plugin folder), or a path that begins with `/`");
    internal static readonly Text DatabaseHostRight = new("`hosts` にある名前か、アドレスを書いてください", "write the name of one of the `hosts`, or an address");
    internal static readonly Text PasswordHere = new("パスワードを仕様書に書くことはできません", "a password does not stand in a specification");
    internal static readonly Text SecretRight = new(
        "`secret:web01-db` のように名前を書き、値はそのホストの /etc/hinoban/secrets/web01-db に置いてください",
        "write a name, `secret:web01-db`, and put the password into /etc/hinoban/secrets/web01-db on the host");
    internal static readonly Text PercentageRight = new(
        "`80% used`(使用率)か `20% free`(空き)と書いてください", "write `80% used` or `20% free`");
    internal static readonly Text NotForPluginsRight = new(
        "`80% used` か `20% free` のように書くか、`via: agent` にしてください", "write `80% used` or `20% free`, or go `via: agent`");
    internal static readonly Text LoadRight = new(
        "`[2, 1.5, 1]` のように1分・5分・15分の3つの数値か、数値1つを書いてください", "write three numbers for 1, 5 and 15 minutes, `[2, 1.5, 1]`, or one for all");
    internal static readonly Text NarrowerRight = new("`crit` は `warn` と同じか、より広い範囲にしてください", "`crit` is the wider range, or the same");
    internal static readonly Text Fingerprint = new("証明書の指紋", "a certificate's fingerprint");
    internal static readonly Text FingerprintRight = new(
        "`sha256:` に続けて16進数64桁を書いてください(エージェントが起動時に表示します)", "write `sha256:` and 64 hexadecimal digits, as the agent prints it");
    internal static readonly Text Folder = new("フォルダ", "a folder");
    internal static readonly Text NoSshRight = new(
        "ホストに `ssh: { user, port, host_keys }` を書くか、`via` を変えてください", "give the host `ssh: { user, port, host_keys }`, or change `via`");
    internal static readonly Text NotPinnedRight = new(
        "そのアドレスで応答する相手をそのまま信じます。`agent: { certificate: \"sha256:…\" }` で固定してください",
        "whoever answers at its address is believed; pin it by `agent: { certificate: \"sha256:…\" }`");
    internal static readonly Text PinNeedsTls = new(
        "`certificate` を書いた場合、`tls` を `anonymous` や `none` にはできません", "with a `certificate`, `tls` is neither `anonymous` nor `none`");
    internal static readonly Text PinNeedsTlsRight = new("どちらか一方を外してください", "leave one of the two out");
    internal static readonly Text InsideHost = new("ホスト監視をホストの内側から行うことはできません", "a host check is not done from inside the host");

    internal static Text OnlyAgent(string kind) => new($"`{kind}` はエージェント経由でのみ監視できます", $"a `{kind}` check goes via the agent only");

    internal static readonly Text NeverAlertsRight = new("`warn` か `crit` を書いてください。値の記録だけが目的ならこのままで構いません", "write `warn` or `crit`; leave it so if its values are only to be kept");

    internal static Text NeverAlerts(string kind) => new(
        $"`{kind}` にしきい値がないため、値が取得できる限りアラートになりません", $"`{kind}` has no thresholds: as long as its values come, it never alerts");

    internal static Text DaemonThresholds(string kind) => new(
        $"`via: nrpe` の `{kind}` のしきい値はデーモン側の設定で決まります", $"the thresholds of `{kind}` via NRPE stand in the daemon's own configuration");

    internal static Text NotAPercentage(string key, string text) => new(
        $"`{key}`: {Shown.As(text)} は使用率のしきい値ではありません", $"`{key}`: {Shown.As(text)} is no threshold of a share");

    internal static Text NotForPlugins(string key, string text) => new(
        $"`{key}`: {Shown.As(text)} は `via: ssh` と `via: nrpe` では監視できません。使えるのは `N% used` と `N% free` だけです",
        $"`{key}`: {Shown.As(text)} cannot be watched via ssh or nrpe, where only `N% used` and `N% free` can");

    internal static Text UsedOrFree(string text) => new(
        $"使用率なら `{Shown.Tame(text, 20)} used`、空きなら `{Shown.Tame(text, 20)} free` と書いてください",
        $"say which is meant: `{Shown.Tame(text, 20)} used` or `{Shown.Tame(text, 20)} free`");

    internal static Text NotARange(string key, string text, Text why) => new(
        $"`{key}`: {Shown.As(text)} は範囲ではありません({why.Ja})", $"`{key}`: {Shown.As(text)} is no range ({why.En})");

    internal static Text NotALoad(string key) => new($"`{key}` がロードアベレージのしきい値ではありません", $"`{key}` is no threshold of a load average");

    internal static Text Narrower(string warn, string crit) => new(
        $"`crit`({crit})の範囲が `warn`({warn})より狭くなっています", $"the range of `crit` ({crit}) is narrower than that of `warn` ({warn})");

    internal static Text NoSsh(string host, string check) => new(
        $"{Shown.As(host)} の {Shown.As(check)} は `via: ssh` ですが、このホストに `ssh` がありません", $"{Shown.As(check)} of {Shown.As(host)} goes via SSH, but the host has no `ssh`");

    internal static Text NoFrom(string host) => new($"ホスト {Shown.As(host)} はありません", $"there is no host {Shown.As(host)}");

    internal static Text NotPinned(string host) => new(
        $"{Shown.As(host)} のエージェントの証明書が固定されていません", $"the certificate of the agent on {Shown.As(host)} is not pinned");
}
