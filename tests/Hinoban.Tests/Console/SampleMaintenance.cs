using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.States;

namespace Hinoban.Tests.Console;

/// <summary>Maintenance that the sample customers asked for, one in each stage that a page shows differently.</summary>
internal static class SampleMaintenance
{
    private static readonly CustomerId Ours = new("sample-trading");
    private static readonly Text Name = new("サンプル商事株式会社", "Sample Trading");

    internal static IEnumerable<MaintenanceRow> All(DateTimeOffset now) =>
    [
        new(new MaintenanceRequest(12, Ask(["web01", "web02"], now.AddHours(20), now.AddHours(26), "ラック移設に伴う停止", "田中 03-0000-8901"), now.AddMinutes(-12), "tanaka", null), Name, MaintenanceStage.Asked) { TimeZone = "Asia/Tokyo" },
        new(
            new MaintenanceRequest(11, Ask(["web02/http"], now.AddHours(2), now.AddHours(3), "証明書の更新", "山本 090-0000-1111"), now.AddHours(-3), "tanaka", new MaintenanceDecision(true, now.AddHours(-2), "sato", "")),
            Name, MaintenanceStage.Approved) { TimeZone = "Asia/Tokyo" },
        new(
            new MaintenanceRequest(9, Ask(["web01"], now.AddHours(30), now.AddHours(60), "負荷試験", "田中 03-0000-8901"), now.AddHours(-9), "tanaka", new MaintenanceDecision(false, now.AddHours(-8), "sato", "月末の締め処理と重なります。翌週でご検討ください")),
            Name, MaintenanceStage.Declined) { TimeZone = "Asia/Tokyo" },
    ];

    private static MaintenanceAsk Ask(string[] targets, DateTimeOffset from, DateTimeOffset to, string reason, string contact) => new(Ours, targets, from, to, reason, contact);
}
