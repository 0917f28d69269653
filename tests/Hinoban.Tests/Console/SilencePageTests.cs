using System.Net;
using Hinoban.Flow;
using Hinoban.Specs;

namespace Hinoban.Tests.Console;

/// <summary>Maintenance from the console: set on a host's page, listed, ended early; a viewer sees it and may do nothing.</summary>
public sealed class SilencePageTests
{
    private static (string Name, string Value)[] Form(string to = "2026-04-14T12:00", string reason = "kernel update") =>
        [("service", ""), ("from", "2026-04-14T03:00"), ("to", to), ("reason", reason)];

    [Fact]
    public async Task An_operator_sets_one_sees_it_on_the_list_and_ends_it()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        Assert.Contains("/silences/set/sample-trading/web01", await sato.TextAsync("/hosts/sample-trading/web01"), StringComparison.Ordinal);
        using var set = await sato.PostAsync("/hosts/sample-trading/web01", "/silences/set/sample-trading/web01", Form());
        Assert.Equal("sato silence sample-trading web01/", Assert.Single(host.Desk.Carried));
        var list = await sato.TextAsync("/silences");
        Assert.Contains("kernel update", list, StringComparison.Ordinal);
        Assert.Contains("/silences/90/end", list, StringComparison.Ordinal);
        using var ended = await sato.PostAsync("/silences", "/silences/90/end", ("reason", "done early"));
        Assert.Contains("done early", await sato.TextAsync("/silences"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-04-14T02:00", "kernel update")]
    [InlineData("tomorrow", "kernel update")]
    [InlineData("2026-04-14T12:00", " ")]
    [InlineData("2026-06-01T12:00", "kernel update")]
    public async Task What_cannot_be_is_refused_with_its_reason(string to, string reason)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        using var answer = await sato.PostAsync("/hosts/sample-trading/web01", "/silences/set/sample-trading/web01", Form(to, reason));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("role=\"alert\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_silence_holds_back_or_gives_time_is_marked_on_the_queue_and_calls_nobody()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var sato = await Visitor.SignedInAsync(host, "sato");
        Assert.Contains("data-unclaimed=\"38 39 40 41 42\"", await sato.TextAsync("/strip"), StringComparison.Ordinal);
        host.Desk.Quiet = row => row.Id.Value switch
        {
            38 => row with { Held = true, Silence = new SilenceMark(SilenceKind.Mute, row.OpenedUtc.AddHours(1), "suzuki", "mail server moves") },
            39 => row with { WaitsUntilUtc = row.OpenedUtc.AddHours(1) },
            _ => row,
        };
        Assert.Contains("data-unclaimed=\"40 41 42\"", await sato.TextAsync("/strip"), StringComparison.Ordinal);
        var queue = await sato.TextAsync("/");
        Assert.Contains("mail server moves", queue, StringComparison.Ordinal);
        Assert.Contains("時限静観", queue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_sees_the_own_silences_and_sets_none()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var tanaka = await Visitor.SignedInAsync(host, "tanaka");
        var list = await tanaka.TextAsync("/silences");
        Assert.Contains("CHG-2204", list, StringComparison.Ordinal);
        Assert.DoesNotContain("/end\"", list, StringComparison.Ordinal);
        var page = await tanaka.TextAsync("/hosts/sample-trading/web02");
        Assert.Contains("CHG-2204", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/silences/set", page, StringComparison.Ordinal);
        using var set = await tanaka.PostAsync("/account", "/silences/set/sample-trading/web02", Form());
        Assert.Equal(HttpStatusCode.Forbidden, set.StatusCode);
        using var end = await tanaka.PostAsync("/account", "/silences/41/end", ("reason", "x"));
        Assert.Equal(HttpStatusCode.Forbidden, end.StatusCode);
        Assert.Empty(host.Desk.Carried);
    }
}
