using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.States;

/// <summary>The words of a detection bound.</summary>
internal static class BoundText
{
    internal static readonly Text Heading = new("障害発生からアラートメール受理まで、最長", "From a fault to the accepted alert mail, at most");
    internal static readonly Text Conditions = new(
        "前提: 各拠点と監視センターが通信でき、拠点の時計が合っており、即時確認が混み合わず、中継サーバーがただちに受理すること。",
        "This holds while all looking sites reach the desk, their clocks are right, check-nows do not queue and the relay accepts at once.");

    internal static readonly Text PassiveConditions = new(
        "前提: 監視センターが稼働しており、中継サーバーがただちに受理すること。", "This holds while the desk runs and the relay accepts at once.");

    internal static readonly Text OneVoice = new(
        "受動監視(passive)の項目です。送られてきた結果をそのまま判定し、拠点間の合議は行いません。鮮度は最後の結果の受信から、監視センターの起動・引き継ぎ後はその時点から数えます。",
        "A passive item: what is posted is taken at its word, no sites agree on it. Freshness counts from the arrival of the last result, after a start or takeover of the desk from that.");
    internal static readonly Text Freshness = new("鮮度", "freshness");
    internal static readonly Text Review = new("期限切れの確認", "review");
    internal static readonly Text ReviewSource = new("期限から1秒以内に判定", "judged within 1 s of the last instant");

    internal static readonly Text Wait = new("次の監視までの待ち", "wait for the next look");
    internal static readonly Text Look = new("監視", "look");
    internal static readonly Text Suspicion = new("異常の疑いまで", "until suspicion");
    internal static readonly Text CheckNow = new("他拠点の即時確認", "check now at the other sites");
    internal static readonly Text Retry = new("再試行", "retries");
    internal static readonly Text Further = new("1拠点だけでの追加確認", "further looks of the one site");
    internal static readonly Text Alone = new(
        "片系(1拠点だけが監視できる間)の、障害発生からアラートメール受理まで、最長", "While one site is left alone, from a fault to the accepted alert mail, at most");

    internal static readonly Text AloneShort = new("片系", "one site left");
    internal static readonly Text LastLook = new("最後の再試行にかかる時間", "the last look");
    internal static readonly Text Send = new("記録と送信", "commit and send");

    internal static readonly Text CheckNowSource = new("依頼から3秒以内に開始", "starts within 3 s of the request");
    internal static readonly Text SendSource = new("結果の転送、判定、記録、中継サーバーの受理", "ship, judge, commit, the relay's acceptance");

    internal static Text WaitSource(TimeSpan interval, int sites) => sites > 1
        ? new($"監視間隔{Ja(interval)}を{sites}拠点で等分", $"interval {En(interval)} shared by {sites} sites")
        : new($"監視間隔{Ja(interval)}", $"interval {En(interval)}, one site");

    internal static Text FurtherSource(int needed, int further, TimeSpan every, TimeSpan asked) => new(
        $"異常{needed}回が必要、残り{further}回。前回の開始から{Ja(every)}後に監視センターが依頼し、{Ja(asked)}以内に開始",
        $"{needed} failing looks are needed, {further} more: the desk asks {En(every)} after the start of the one before, and it starts within {En(asked)}");

    internal static Text FreshnessSource(TimeSpan freshness) => new(
        $"監視仕様書の freshness、最後の結果の受信から{Ja(freshness)}", $"the specification's freshness, {En(freshness)} from the last result's arrival");

    internal static Text ConditionsOf(ItemPlan item) => item.IsPassive ? new(OneVoice.Ja + PassiveConditions.Ja, $"{OneVoice.En} {PassiveConditions.En}") : Conditions;

    internal static Text LookSource(FaultForm fault, TimeSpan timeout) => fault switch
    {
        FaultForm.Refused or FaultForm.Posted or FaultForm.Missing => new("拒否はただちに判明", "a refusal is seen at once"),
        FaultForm.BlackHole or FaultForm.Slow => new($"タイムアウト{Ja(timeout)}", $"time-out {En(timeout)}"),
    };

    internal static Text SuspicionSource(FaultForm fault) => fault switch
    {
        FaultForm.Refused or FaultForm.Posted or FaultForm.Missing => new("拒否はただちに判明", "a refusal is seen at once"),
        FaultForm.BlackHole or FaultForm.Slow => new("3秒応答なし", "no answer for 3 s"),
    };

    internal static Text RetrySource(int attempts, TimeSpan retry) => attempts > 1
        ? new($"試行{attempts}回、再試行間隔{Ja(retry)}(前回の開始から)", $"{attempts} attempts, {En(retry)} from the start of the look before")
        : new("試行1回", "1 attempt");

    internal static Text ConfirmationSource(FaultForm fault, TimeSpan again) => fault switch
    {
        FaultForm.Refused or FaultForm.Posted or FaultForm.Missing => new("拒否はただちに判明", "a refusal is seen at once"),
        FaultForm.BlackHole or FaultForm.Slow => new($"確認用タイムアウト{Ja(again)}", $"confirmation time-out {En(again)}"),
    };

    internal static Text Form(FaultForm fault) => fault switch
    {
        FaultForm.Refused => new("拒否(名前が引けない場合を含む)", "refused, or its name not found"),
        FaultForm.BlackHole => new("応答なし", "no answer"),
        FaultForm.Slow => new("応答遅延", "too slow"),
        FaultForm.Posted => new("異常値の受信", "a failing result is posted"),
        FaultForm.Missing => new("値が届かない", "no result comes"),
    };

    /// <summary>A line for people who read a specification: the terms and their sum.</summary>
    internal static Text Line(FaultForm fault, IReadOnlyList<BoundTerm> terms) => new(
        $"{Form(fault).Ja}: {string.Join(" + ", terms.Where(t => t.Time > TimeSpan.Zero).Select(t => $"{t.Name.Ja} {t.Time.TotalSeconds:0.###}"))} = {DetectionBound.Sum(terms).TotalSeconds:0.###}秒",
        $"{Form(fault).En}: {string.Join(" + ", terms.Where(t => t.Time > TimeSpan.Zero).Select(t => $"{t.Name.En} {t.Time.TotalSeconds:0.###}"))} = {DetectionBound.Sum(terms).TotalSeconds:0.###} s");

    /// <summary>The same while one site is left alone; null where that makes no difference.</summary>
    internal static Text? AloneLine(FaultForm fault, IReadOnlyList<BoundTerm> terms) => terms.Count == 0 ? null : new(
        $"{AloneShort.Ja}、{Line(fault, terms).Ja}", $"{AloneShort.En}, {Line(fault, terms).En}");

    internal static Text Seconds(TimeSpan time) => new(Ja(time), En(time));

    private static string Ja(TimeSpan time) => $"{time.TotalSeconds:0.###}秒";

    private static string En(TimeSpan time) => $"{time.TotalSeconds:0.###} s";
}
