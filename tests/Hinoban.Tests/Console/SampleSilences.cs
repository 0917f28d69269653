using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Tests.Console;

/// <summary>Silences of every kind and stage, for the pages.</summary>
internal static class SampleSilences
{
    internal static IReadOnlyList<SilenceRow> All(DateTimeOffset now) =>
    [
        Row(41, SampleHosts.Trading, "web02", SilenceKind.Mute, "", "カーネル更新のため再起動 (CHG-2204)", "佐藤", SilenceStage.Holds, now.AddMinutes(-35), now.AddMinutes(85)) with { Held = 2 },
        Row(0, SampleHosts.Trading, "web01/http", SilenceKind.Wait, "daily 00:00-24:00", "夜間バッチの負荷は15分で下がる", "tanaka@sample.example.jp", SilenceStage.Holds, now.AddHours(-9), now.AddDays(40)) with { For = TimeSpan.FromMinutes(15) },
        Row(0, SampleHosts.Clinic, "*", SilenceKind.Mute, "weekly sat 02:00-06:00", "週次バックアップ", "yamada@clinic.example.jp", SilenceStage.ToCome, now.AddDays(2), now.AddDays(2).AddHours(4)) with { Held = 5 },
        Row(40, SampleHosts.Clinic, "app01", SilenceKind.Mute, "", "設定変更", "鈴木", SilenceStage.Ended, now.AddHours(-6), now.AddHours(-4)) with { EndedBy = "鈴木", EndedBecause = "作業完了" },
    ];

    internal static SilenceRow Set(long id, SilenceRequest wanted, string by) =>
        Row(id, wanted.Customer, wanted.Service.Length > 0 ? $"{wanted.Host}/{wanted.Service}" : wanted.Host.Length > 0 ? wanted.Host : "*",
            SilenceKind.Mute, "", wanted.Reason, by, SilenceStage.Holds, wanted.FromUtc, wanted.ToUtc);

    private static SilenceRow Row(
        long id, CustomerId customer, string what, SilenceKind kind, string when, string reason, string owner, SilenceStage stage, DateTimeOffset from, DateTimeOffset to)
    {
        var (host, service) = what == "*" ? ("", "") : what.Split('/') is [var h, var s] ? (h, s) : (what, "");
        return new SilenceRow(
            id > 0 ? $"#{id}" : $"{what} {when}", id, customer, SampleHosts.NameOf(customer), "Asia/Tokyo", what, host, service, kind, when, reason, owner, stage,
            from, to, when.Length > 0 ? to.AddDays(60) : to, TimeSpan.Zero, "", "", "");
    }
}
