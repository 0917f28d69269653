using Hinoban.Basics;

namespace Hinoban.Specs;

/// <summary>What is wrong with silences, and what would be right.</summary>
internal static class SilenceText
{
    internal static readonly Text Silence = new("静観・抑止", "a silence");
    internal static readonly Text ListRight = new("静観・抑止のリストを書いてください", "write a list of silences");
    internal static readonly Text WhatRight = new("`web01`、`web01/http`、またはお客様全体を表す `\"*\"` と書いてください", "write `web01`, `web01/http`, or `\"*\"` for the whole customer");
    internal static readonly Text WhenRight = new(
        "`daily 02:00-03:00`、`weekly sat,sun 02:00-06:00`、`from 2026-04-14 22:00 to 2026-04-15 06:00` のいずれかの形で、年は2000年から2199年までで書いてください",
        "write `daily 02:00-03:00`, `weekly sat,sun 02:00-06:00`, or `from 2026-04-14 22:00 to 2026-04-15 06:00`, the years from 2000 to 2199");
    internal static readonly Text EndsBeforeStart = new("終了が開始より後になっていません", "the end is not after the start");
    internal static readonly Text EndRight = new("開始より後の終了日時を書いてください", "write an end that comes after the start");
    internal static readonly Text TooLong = new("30日を超えています", "it lasts more than 30 days");
    internal static readonly Text TooLongRight = new(
        "30日以内とし、続ける場合は改めて合意してください", "write at most 30 days, and agree anew if it must go on");
    internal static readonly Text Endless = new("繰り返す静観・抑止に終わりの日がありません", "a recurring silence has no last day");
    internal static readonly Text UntilRight = new("`until: 2026-12-31` のように最後の日を書いてください", "write its last day, such as `until: 2026-12-31`");
    internal static readonly Text UntilTwice = new("1回限りの静観・抑止に `until` が書かれています", "a silence that happens once has an `until`");
    internal static readonly Text UntilTwiceRight = new("終了は `when` の `to` で決まります。省いてください", "its `to` is its end; leave `until` out");
    internal static readonly Text DateRight = new("`2026-12-31` のように、2000年から2199年までの日付を書いてください", "write a date such as `2026-12-31`, its year from 2000 to 2199");
    internal static readonly Text ForOnlyWait = new("`for` は `kind: wait` だけで使えます", "only `kind: wait` has a `for`");
    internal static readonly Text MatchOnlyKnown = new("`match` は `kind: known` だけで使えます", "only `kind: known` has a `match`");
    internal static readonly Text LeaveOut = new("省くか、種類を改めてください", "leave it out, or change the kind");

    internal static Text NoSuchItem(string what) => new($"{Shown.As(what)} という監視対象はありません", $"nothing that is watched is called {Shown.As(what)}");

    internal static Text NotAWhen(string text) => new($"{Shown.As(text)} は時間帯として読めません", $"{Shown.As(text)} is no time that a silence can have");

    internal static Text NotADate(string text) => new($"{Shown.As(text)} は使える日付ではありません", $"{Shown.As(text)} is no date to use");
}
