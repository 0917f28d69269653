using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Console.Parts;

/// <summary>The words that every page uses: states, stages, sites' answers.</summary>
internal static class ConsoleTextParts
{
    internal static Text NoValueWord { get; } = new("取得不能", "no value");

    internal static Text SingleSite { get; } = new("片系", "single site");

    internal static Text SingleSiteLong { get; } = new("片系: 1拠点のみで判定しています", "Single site: judged by one site alone");

    internal static Text HostCheck { get; } = new("ホスト監視", "host check");

    internal static Text Never { get; } = new("未取得", "not yet");

    internal static Text None { get; } = new("なし", "none");

    internal static Text Ago { get; } = new("前", " ago");

    internal static Text Copy { get; } = new("コピー", "Copy");

    internal static Text Full { get; } = new("全文", "Full text");

    /// <summary>The Nagios words, which every operator and customer knows.</summary>
    internal static string Status(CheckStatus status, bool host) => (status, host) switch
    {
        (CheckStatus.Ok, true) => "UP",
        (_, true) => "DOWN",
        (CheckStatus.Ok, _) => "OK",
        (CheckStatus.Warning, _) => "WARNING",
        (CheckStatus.Critical, _) => "CRITICAL",
        (CheckStatus.Unknown, _) => "UNKNOWN",
    };

    internal static Text Flapping { get; } = new("フラッピング", "flapping");

    internal static Text FlappingLong { get; } = new(
        "短い間に異常と復旧を繰り返しています(フラッピング)。いまたまたま正常に見えていても、状態が安定するまでインシデントは継続し、変化ごとのメールは送りません。正常で安定すると、復旧を一度だけお知らせします。",
        "It keeps failing and recovering within short times (flapping). Even if it happens to work at this moment, the incident goes on until it has settled, and changes are not mailed one by one. Once it has settled at working, one recovery is mailed.");

    /// <summary>Nagios' word for a host behind one that is down, then what it means.</summary>
    internal const string Unreachable = "UNREACHABLE";

    internal static Text UnreachableBehind(string parent) => new(
        $"到達不能: 経路上の {parent} が停止しているため、確認できません", $"cannot be checked: {parent}, on the way to it, is down");

    internal static Text UnreachableLong(string parent) => new(
        $"このホストへ向かう経路上にある {parent} が停止しています。そのため、このホスト自身が動いているかどうかは確認できません(到達不能)。お客様へは {parent} のメールでまとめてお知らせし、個別のメールは送りません。{parent} の復旧後も応答がなければ、このホストの障害として検知します。",
        $"{parent}, which the way to this host leads over, is down, so nobody can tell whether this host itself works (UNREACHABLE). The mail about {parent} names it, and it gets no mail of its own. If it still does not answer once {parent} is back, it becomes a problem of its own.");

    internal static Text Stage(IncidentStage stage) => stage switch
    {
        IncidentStage.Unclaimed => new("未対応", "Unclaimed"),
        IncidentStage.Responding => new("対応中", "Responding"),
        IncidentStage.ReportOwed => new("復旧済・報告待ち", "Recovered, report owed"),
        IncidentStage.Reported => new("報告済", "Reported"),
        IncidentStage.Closed => new("クローズ", "Closed"),
    };

    internal static Text Recovered { get; } = new("復旧済", "Recovered");

    internal static Text NoLongerWatched { get; } = new("監視終了", "No longer watched");

    internal static Text Was(string state) => new($"({state} でした)", $"was {state}");

    internal static Text AtDetection { get; } = new("検知時: ", "at detection: ");

    internal static Text AsThen { get; } = new("出力は検知時と同じ", "says the same as at detection");

    internal static Text TimesIn(string zone) => new($"時刻は {zone}", $"times in {zone}");

    internal static Text LookWaits { get; } = new("即時確認の順番待ち", "its look waits its turn");

    /// <summary>Reachability, and where no site gets an answer, why: a refusing target is no unreachable one.</summary>
    internal static Text Reach(Reach reach, IReadOnlyList<NoValue> causes, bool singleSite)
    {
        if (reach != States.Reach.Down)
        {
            return Reach(reach);
        }

        var why = causes is [not NoValue.None and var only] ? NoValueReason(only) : NoAnswer;
        return singleSite ? why : new($"全拠点で{why.Ja}", $"{why.En} at every site");
    }

    private static Text NoAnswer { get; } = new("応答なし", "no answer");

    internal static Text Reach(Reach reach) => reach switch
    {
        States.Reach.Reached => new("応答あり", "it answers"),
        States.Reach.Down => new("全拠点で応答なし", "no answer at every site"),
        States.Reach.PathTrouble => new("経路障害の疑い", "path trouble"),
        States.Reach.SiteIsolated => new("拠点孤立", "site isolated"),
        States.Reach.NoData => new("結果が届いていない", "no recent result"),
        States.Reach.Undecided => new("確認中", "being confirmed"),
    };

    internal static Text Vote(VoteKind vote) => vote switch
    {
        VoteKind.Ok => new("正常", "OK"),
        VoteKind.Answer => new("異常(応答あり)", "failing (answered)"),
        VoteKind.Transport => new("異常(応答なし)", "failing (no answer)"),
        VoteKind.VoidSoft => new("再試行中", "retrying"),
        VoteKind.VoidSilent => new("拠点応答なし", "site silent"),
        VoteKind.VoidOld => new("古い結果", "old result"),
        VoteKind.VoidUnknown => new("未確認", "never looked"),
        VoteKind.VoidIsolated => new("拠点孤立", "site isolated"),
    };

    internal static Text NoValueReason(NoValue reason) => reason switch
    {
        NoValue.None => Text.Same(""),
        NoValue.TimedOut => new("タイムアウト", "timed out"),
        NoValue.Refused => new("接続拒否", "connection refused"),
        NoValue.Unreachable => new("到達不可", "unreachable"),
        NoValue.NameUnresolved => new("名前解決不可", "name not resolved (DNS)"),
        NoValue.TlsCut => new("TLS切断", "TLS handshake cut"),
        NoValue.Garbage => new("不正な応答", "not in its protocol"),
        NoValue.PluginFailed => new("プラグイン異常終了", "plugin failed"),
        NoValue.PluginMissing => new("プラグインなし", "plugin missing"),
        NoValue.EngineFault => new("監視側の障害", "our own fault"),
        NoValue.NotPosted => new("値が届かない", "no result posted"),
    };

    internal static Text Machine(MachineKind machine) => machine switch
    {
        MachineKind.Cloud => new("クラウド", "cloud"),
        MachineKind.Virtual => new("仮想", "virtual"),
        MachineKind.Physical => new("物理", "physical"),
    };

    internal static Text Trouble(MailTrouble trouble) => trouble switch
    {
        MailTrouble.None => Text.Same(""),
        MailTrouble.Sending => new("メール送信中", "mail being sent"),
        MailTrouble.Retrying => new("メール再送中", "mail is being retried"),
        MailTrouble.Failed => new("メール不達あり", "a mail failed"),
    };

    internal static Text Notice(NoticeKind kind) => kind switch
    {
        NoticeKind.Alert => new("アラート", "alert"),
        NoticeKind.Recovery => new("リカバリー", "recovery"),
        NoticeKind.Report => new("対応報告", "response report"),
        NoticeKind.Flapping => new("フラッピング", "flapping"),
        NoticeKind.Update => new("経過連絡", "update"),
        NoticeKind.Maintenance => new("メンテナンス", "maintenance"),
        NoticeKind.Post => new("登録者の投稿", "member's post"),
        NoticeKind.Arrival => new("到達確認", "arrival test"),
    };

    internal static Text Call(CallOutcome outcome) => outcome switch
    {
        CallOutcome.ReachedPerson => new("応答(本人)", "reached in person"),
        CallOutcome.ReachedDeputy => new("応答(代理)", "reached a deputy"),
        CallOutcome.AnsweredCannotAct => new("応答(対応不可)", "answered, cannot act"),
        CallOutcome.NoAnswer => new("不在", "no answer"),
        CallOutcome.VoicemailMessage => new("留守番電話(伝言あり)", "voicemail, message left"),
        CallOutcome.VoicemailSilent => new("留守番電話(伝言なし)", "voicemail, no message"),
        CallOutcome.Busy => new("話中", "busy"),
        CallOutcome.Unreachable => new("圏外・電源断", "out of reach"),
        CallOutcome.InvalidNumber => new("番号不通", "number not in service"),
    };

    internal static Text Step(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Done => new("完了", "done"),
        StepOutcome.Failed => new("失敗", "failed"),
        StepOutcome.NotNeeded => new("不要(自然復旧)", "not needed"),
        StepOutcome.Unknown => new("結果不明", "outcome unknown"),
    };

    internal static Text MailStarts { get; } = new("メール受理待ち", "waiting for mail");

    internal static Text Left { get; } = new("残り", "left");

    internal static Text Over { get; } = new("超過", "over");
}
