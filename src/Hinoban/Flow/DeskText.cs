using Hinoban.Basics;

namespace Hinoban.Flow;

/// <summary>What the desk answers to commands.</summary>
internal static class DeskText
{
    /// <summary>Everything that is wrong, in one answer.</summary>
    internal static Text All(IReadOnlyList<Text> wrong) => wrong is [var one]
        ? one
        : new Text(string.Concat(wrong.Select(t => $"{t.Ja.TrimEnd('。')}。")), string.Join("; ", wrong.Select(t => t.En.TrimEnd('.'))));

    internal static readonly Text NoSuchIncident = new("該当するインシデントがありません。", "There is no such incident.");
    internal static readonly Text NotInStorm = new("そのホストはこのインシデントに集約されていません。", "That host is not grouped into this incident.");
    internal static readonly Text LeftStorm = new("そのホストの集約はすでに終わっています。", "That host is no longer grouped.");
    internal static readonly Text BeingLookedAt = new("そのホストは状態を確認中です。確定してから操作してください。", "That host is being looked at; try again once its state is certain.");
    internal static readonly Text TextNeeded = new("内容を入力してください。", "Write something first.");
    internal static readonly Text TextTooLong = new("長すぎます。20,000文字以内にしてください。", "Too long: 20,000 characters at most.");
    internal static readonly Text NoRunbook = new("この項目には手順書がありません(連絡のみ)。", "This item has no runbook: notify only.");
    internal static readonly Text DiskFull = new(
        "監視センターのディスクがいっぱいです。予備領域で動いています。すぐに空き容量を確保してください。",
        "The desk's disk is full. It runs on its reserve: make room at once.");

    internal static readonly Text TakesNothing = new(
        "監視センターのデータベースに書き込めません。操作は記録されません。管理者に連絡してください。",
        "The desk's database takes no changes: nothing you do is recorded. Tell the administrator.");
}
