using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What is wrong with runbooks and their steps, and what would be right.</summary>
internal static class RunbookText
{
    internal static readonly Text Runbook = new("手順書", "a runbook");
    internal static readonly Text Name = new("手順書名", "a runbook's name");
    internal static readonly Text Step = new("手順", "a step");
    internal static readonly Text SeveralKeys = new("複数のキーを持つマップ", "a map of several keys");
    internal static readonly Text StepRight = new("`- read: { on: …, run: … }` のように、手順の種類から書き始めてください", "begin each step with its word: `- read: { on: …, run: … }`");
    internal static readonly Text StepsRight = new(
        "`- read:` などで始まる手順を1つ以上、リストで書いてください", "write a list with at least one step, each beginning with `- read:` or the like");
    internal static readonly Text ReadButChanges = new("`risk: read` ですが、ホストを変更する手順があります", "`risk: read`, but a step changes the host");
    internal static readonly Text RiskRight = new("`risk: change` としてください", "write `risk: change`");
    internal static readonly Text NoSshRight = new(
        "ホストに `ssh: { user, host_keys }` を指定してください。指定がないと手順を実行できません", "give the host `ssh: { user, host_keys }`, or its steps cannot run");
    internal static readonly Text WithoutRunbook = new("該当する監視項目は手順書なしで動きます", "its checks run without a runbook");
    internal static readonly Text Save = new("`read` 手順の `save`", "`save` of a `read` step");
    internal static readonly Text SaveName = new("保存名", "a name to save under");
    internal static readonly Text KeptAnyway = new("実行記録は常に全文が保存されます", "the whole transcript is kept in any case");
    internal static readonly Text ItemRight = new("`ホスト/監視項目`、またはホスト監視ならホスト名を書いてください", "write host/check, or a host for its host check");
    internal static readonly Text OnRight = new("ホスト名を書いてください", "write the name of a host");
    internal static readonly Text Reason = new("理由", "the reason");
    internal static readonly Text Quote = new("文を引用符で囲んでください", "put the text in quotes");
    internal static readonly Text ElseRight = new("stop、call、mail、close のいずれか1つに理由を添えて書いてください", "write one of stop, call, mail, close, with its reason");

    internal static Text StepOf(string word) => new($"`{word}` 手順", $"a `{word}` step");

    internal static Text NotAStep(string word) => new($"{Shown.As(word)} は手順の種類ではありません", $"{Shown.As(word)} is not a step");

    internal static Text RunsWithoutSsh(string runbook, string host) => new(
        $"手順書 {Shown.As(runbook)} は {Shown.As(host)} で実行されますが、このホストに `ssh` がありません", $"runbook {Shown.As(runbook)} runs on {Shown.As(host)}, which has no `ssh`");

    internal static Text Later(string runbook, Text since) => new($"手順書 {Shown.As(runbook)}({since.Ja})", $"runbook {Shown.As(runbook)}, since {since.En}");

    internal static Text NotLookedAt(string item) => new($"{Shown.As(item)} が監視されていないため", $"{Shown.As(item)} is not looked at");

    internal static Text NoHostCheck(string host) => new($"{Shown.As(host)} にホスト監視がありません", $"{Shown.As(host)} has no host check");

    internal static Text NoCheck(string host, string check) => new($"{Shown.As(host)} に監視項目 {Shown.As(check)} がありません", $"{Shown.As(host)} has no check {Shown.As(check)}");

    internal static Text SplitReason(string reason) => new(
        $"引用符のないカンマで理由が分かれています。{Shown.As(reason)} と解釈しました", $"an unquoted comma splits the reason; read as {Shown.As(reason)}");

    internal static Text SecondWord(string word) => new($"{Shown.As(word)} は `else` の2つ目の語です", $"{Shown.As(word)} is a second word in `else`");

    internal static Text Elsewhere(string runbook, string item, int more) => new(
        $"{Shown.As(runbook)} は {Shown.As(item)}{(more > 0 ? $" ほか{more}件" : "")}の手順書ですが、そのホストで実行される手順がありません",
        $"{Shown.As(runbook)} is the runbook of {Shown.As(item)}{(more > 0 ? $" and {more} more" : "")}, but no step runs on that host");

    internal static Text RunsOn(string hosts) => new($"コマンドは {hosts} で実行されます", $"its commands run on {hosts}");
}
