using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Results;

/// <summary>What is wrong with posted results, and what would be right.</summary>
internal static class PostedText
{
    internal static readonly Text Count = new($"1件から{PostedReader.Most}件までの結果を送ってください", $"send from 1 to {PostedReader.Most} results");
    internal static readonly Text NotAnObject = new("item、time、state を持つオブジェクトにしてください", "write an object with item, time and state");
    internal static readonly Text ItemRight = new("監視項目を `web01/backup` のように指定してください", "name the item, for instance `web01/backup`");
    internal static readonly Text TimeRight = new(
        "結果を得た日時を `2026-04-14T09:00:00+09:00` のように時差付きで指定してください", "give the instant of the result with its offset, for instance `2026-04-14T09:00:00+09:00`");

    internal static readonly Text StateRight = new("0(OK)、1(WARNING)、2(CRITICAL)、3(UNKNOWN)のいずれかを指定してください", "write 0 (OK), 1 (WARNING), 2 (CRITICAL) or 3 (UNKNOWN)");
    internal static readonly Text MayNot = new(
        "結果の送信には権限 sender のトークンが必要です(hinoban token add --role sender で発行)", "Posting results takes a token of the role sender; 'hinoban token add --role sender' makes one");

    internal static readonly Text NoSuchCustomer = new("このお客様はありません", "There is no such customer");

    internal static Text WordsRight(int longest) => new($"{longest}文字以内の文字列にしてください", $"write a text of at most {longest} characters");

    internal static Text NoSuchField(Text known) => new($"この項目名はありません。{known.Ja}", $"there is no such field; {known.En}");

    internal static Text NoSuchItem(string title, string? near) => near is null
        ? new($"監視項目 {Shown.As(title)} は監視仕様書にありません", $"the specification has no item {Shown.As(title)}")
        : new($"監視項目 {Shown.As(title)} は監視仕様書にありません。{SpecText.DidYouMean(near).Ja}", $"the specification has no item {Shown.As(title)}; {SpecText.DidYouMean(near).En}");

    internal static Text NotPassive(string title, string kind) => new(
        $"監視項目 {Shown.As(title)} は種類 `{kind}` で、拠点から監視しています。結果を送れるのは `passive` の項目だけです",
        $"item {Shown.As(title)} is of kind `{kind}`: the sites look at it, and only `passive` items take results");

    internal static Text TimeAhead(DateTimeOffset nowUtc) => new(
        $"監視センターの時刻({nowUtc:yyyy-MM-ddTHH:mm:ssZ})より1日以上先の日時です。送信元の時計を確認してください",
        $"it is more than a day ahead of the desk's time ({nowUtc:yyyy-MM-ddTHH:mm:ssZ}); check the poster's clock");

    internal static Text TimeBehind(DateTimeOffset nowUtc) => new(
        $"監視センターの時刻({nowUtc:yyyy-MM-ddTHH:mm:ssZ})より{PostedReader.MostBehind.Days}日以上前の日時です。送信元の時計を確認してください。古い結果は送信対象から除いてください",
        $"it is more than {PostedReader.MostBehind.Days} days behind the desk's time ({nowUtc:yyyy-MM-ddTHH:mm:ssZ}); check the poster's clock, and leave out what is so old");

    /// <summary>The batch as a whole was refused.</summary>
    internal static Text Refused(int problems) => new($"{problems}件の誤りがあります。このバッチの結果はどれも受け付けていません", $"{problems} problems; nothing of this batch was taken");
}
