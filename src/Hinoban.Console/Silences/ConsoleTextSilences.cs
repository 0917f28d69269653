using Hinoban.Basics;
using Hinoban.Console.Parts;
using Hinoban.Flow;
using Hinoban.Specs;

namespace Hinoban.Console.Silences;

/// <summary>The words of silences.</summary>
internal static class ConsoleTextSilences
{
    internal static Text Title { get; } = new("静観・抑止", "Silences");

    internal static Text None { get; } = new("静観・抑止はありません", "No silences");

    internal static Text What { get; } = new("対象", "What");

    internal static Text Whole { get; } = new("すべての監視対象", "everything");

    internal static Text KindWord { get; } = new("種類", "Kind");

    internal static Text When { get; } = new("期間", "When");

    internal static Text CustomersClock { get; } = new("(お客様の時刻)", "(customer's time)");

    internal static Text Next(SilenceStage stage) => stage == SilenceStage.Holds ? new("今回:", "now:") : new("次回:", "next:");

    internal static Text Why { get; } = new("理由", "Reason");

    internal static Text Owner { get; } = new("依頼者", "Owner");

    internal static Text Held { get; } = new("控えた通知", "Held back");

    internal static Text Edition { get; } = new("監視仕様書", "agreed edition");

    internal static Text From { get; } = new("開始", "Start");

    internal static Text To { get; } = new("終了", "End");

    internal static Text Set { get; } = new("通知停止を設定", "Silence alerts");

    internal static Text SetHint { get; } = new(
        "監視と記録は続き、アラートメールだけを控えます。終了後も異常が続いていれば、その時点で通知します。最長30日です。",
        "Looks and records go on; only alert mails are held back. What still fails at the end is mailed then. 30 days at most.");

    internal static Text Confirm { get; } = new("設定する", "Silence");

    internal static Text SetNow { get; } = new("通知停止を設定しました", "Alerts are silenced");

    internal static Text End { get; } = new("終了する", "End now");

    internal static Text EndWhy { get; } = new("終了の理由", "Why it ends");

    internal static Text Ended { get; } = new("静観・抑止を終了しました", "The silence has ended");

    internal static Text Form { get; } = new("開始と終了の日時、理由を入力してください", "Fill in start, end and reason");

    internal static Text HeldWord { get; } = new("通知を控えています", "alert held back");

    internal static Text Kind(SilenceKind kind) => kind switch
    {
        SilenceKind.Stop => new("監視停止", "not watched"),
        SilenceKind.Mute => new("通知停止", "silenced"),
        SilenceKind.Wait => new("時限静観", "response waits"),
        SilenceKind.Known => new("条件静観", "known pattern"),
    };

    internal static Text Stage(SilenceStage stage) => stage switch
    {
        SilenceStage.Holds => new("実施中", "Now"),
        SilenceStage.ToCome => new("予定", "To come"),
        SilenceStage.Ended => new("終了(7日以内)", "Ended in the last 7 days"),
    };

    internal static Text Mark(SilenceKind kind, string until) => new($"{Kind(kind).Ja} {until}まで", $"{Kind(kind).En} until {until}");

    internal static Text MarkWhy(string by, string reason) => new($"依頼者 {by}: {reason}", $"by {by}, because: {reason}");

    internal static Text WaitsUntil(string until) => new($"時限静観 {until}まで", $"waits until {until}");

    internal static Text Times(int held) => new($"{held}件", $"{held}");

    internal static Text EndedBy(string by, string because) => new($"{by}が終了: {because}", $"ended by {by}: {because}");

    internal static Text Rule(SilenceRow row) => row.Kind switch
    {
        SilenceKind.Wait => new($"復旧を{SilenceHours.Length(row.For).Ja}待つ", $"for {SilenceHours.Length(row.For).En}"),
        SilenceKind.Known => new($"出力に「{Show.Line(row.Match)}」", $"output has “{Show.Line(row.Match)}”"),
        _ => Text.Same(""),
    };
}
