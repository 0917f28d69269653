using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.States;

namespace Hinoban.Tests.Console;

/// <summary>A customer's viewer asks for a maintenance; the desk sees it and decides.</summary>
public sealed class MaintenancePageTests
{
    private static readonly CustomerId Ours = new("sample-trading");

    [Fact]
    public async Task A_viewer_asks_for_its_own_and_decides_nothing()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Desk.Asked.Clear();
        host.Desk.Asked.Add(Row(7, "<b>power</b>"));
        using var tanaka = await Visitor.SignedInAsync(host, "tanaka");
        var page = await tanaka.TextAsync("/maintenance");
        Assert.Contains("/maintenance/sample-trading", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;power&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/approve", page, StringComparison.Ordinal);
        using var asked = await tanaka.PostAsync("/maintenance", "/maintenance/sample-trading", ("target", "web01"), ("from", "2026-04-14T22:00"), ("to", "2026-04-14T23:30"), ("reason", "power"), ("contact", "Tanaka"));
        var ask = Assert.Single(host.Desk.Asks);
        Assert.Equal((Ours, "web01", TimeSpan.FromMinutes(90), "power", "Tanaka"), (ask.Customer, ask.Targets.Single(), ask.ToUtc - ask.FromUtc, ask.Reason, ask.Contact));
        using var stranger = await tanaka.PostAsync("/maintenance", "/maintenance/other-works", ("target", "web01"));
        Assert.Equal(404, (int)stranger.StatusCode);
        using var approve = await tanaka.PostAsync("/maintenance", "/maintenance/7/approve");
        Assert.Equal(403, (int)approve.StatusCode);
        Assert.Empty(host.Desk.Decisions);
    }

    [Fact]
    public async Task The_desk_sees_what_waits_and_decides_it()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Desk.Asked.Clear();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        Assert.DoesNotContain("maintenance-waits", await sato.TextAsync("/"), StringComparison.Ordinal);
        host.Desk.Asked.Add(Row(7, "power"));
        Assert.Contains("maintenance-waits", await sato.TextAsync("/"), StringComparison.Ordinal);
        var page = await sato.TextAsync("/maintenance");
        Assert.Contains("/maintenance/7/approve", page, StringComparison.Ordinal);
        Assert.DoesNotContain("maintenance-ask", page, StringComparison.Ordinal);
        using var approve = await sato.PostAsync("/maintenance", "/maintenance/7/approve");
        using var decline = await sato.PostAsync("/maintenance", "/maintenance/7/decline", ("reason", "freeze"));
        Assert.Equal(["7 True ", "7 False freeze"], host.Desk.Decisions);
        using var missing = await sato.PostAsync("/maintenance", "/maintenance/8/approve");
        Assert.Equal(404, (int)missing.StatusCode);
    }

    private static MaintenanceRow Row(long id, string reason)
    {
        var at = new DateTimeOffset(2026, 4, 14, 13, 0, 0, TimeSpan.Zero);
        return new(
            new MaintenanceRequest(id, new MaintenanceAsk(Ours, ["web01", "web02"], at, at.AddHours(2), reason, "Tanaka"), at, "tanaka", null),
            new Text("サンプル商事株式会社", "Sample Trading"),
            MaintenanceStage.Asked);
    }
}
