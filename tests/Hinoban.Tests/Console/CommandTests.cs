using System.Net;
using System.Text.Json;

namespace Hinoban.Tests.Console;

/// <summary>Commands as forms, without script and as htmx sends them.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private ConsoleHost host = null!;
    private Visitor sato = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ConsoleHost.StartAsync();
        sato = await Visitor.SignedInAsync(host, "sato");
    }

    public async ValueTask DisposeAsync()
    {
        sato.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_claim_without_script_leads_to_the_incident()
    {
        using var answer = await sato.PostAsync("/", "/incidents/41/claim", ("from", "desk"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/incidents/41", answer.Headers.Location!.ToString());
        Assert.Contains("佐藤 花子 が対応を開始しました", await sato.TextAsync("/incidents/41"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_with_script_brings_the_desk_and_a_word()
    {
        using var answer = await sato.PostPartAsync("/", "/incidents/41/claim", ("from", "desk"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("web01/http の対応を開始しました", "done"), Said(answer));
        var part = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith("<main id=\"page\"", part.TrimStart(), StringComparison.Ordinal);
        Assert.DoesNotContain("<html", part, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_in_the_outbox_is_tried_now_by_those_who_respond()
    {
        using var tanaka = await Visitor.SignedInAsync(host, "tanaka");
        Assert.DoesNotContain("/mails/retry", await tanaka.TextAsync("/mails"), StringComparison.Ordinal);
        using var refused = await tanaka.PostAsync("/account", "/mails/retry");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Empty(host.Desk.Carried);

        Assert.Contains("今すぐ再送", await sato.TextAsync("/mails"), StringComparison.Ordinal);
        using var answer = await sato.PostPartAsync("/mails", "/mails/retry");
        Assert.Equal(("再送待ちのメールを今すぐ送信します", "done"), Said(answer));
        Assert.Equal(["sato retry mails"], host.Desk.Carried);
        Assert.DoesNotContain("今すぐ再送", await sato.TextAsync("/mails"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_claim_is_refused_with_the_reason_on_the_page()
    {
        using var script = await sato.PostPartAsync("/", "/incidents/35/claim", ("from", "desk"));
        Assert.Equal(HttpStatusCode.Conflict, script.StatusCode);
        Assert.Equal(("佐藤 花子 が対応中です", "refused"), Said(script));
        using var plain = await sato.PostAsync("/", "/incidents/35/claim");
        Assert.Equal(HttpStatusCode.Conflict, plain.StatusCode);
        Assert.Contains("佐藤 花子 が対応中です", await plain.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("situation")]
    [InlineData("cause")]
    [InlineData("actions")]
    [InlineData("calls")]
    public async Task A_report_with_an_empty_part_is_not_sent(string empty)
    {
        var fields = new[] { "situation", "cause", "actions", "calls" }.Select(n => (n, n == empty ? " \r\n " : "text")).ToArray();
        using var answer = await sato.PostPartAsync("/incidents/35", "/incidents/35/report", fields);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.DoesNotContain(host.Desk.Carried, c => c.Contains("report", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_whole_report_is_sent_once_with_its_line_breaks()
    {
        using var answer = await sato.PostPartAsync("/incidents/35", "/incidents/35/report", ("situation", "a\r\nb"), ("cause", "c"), ("actions", "d"), ("calls", "e"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(host.Desk.Carried, c => c == "sato report 35");
        Assert.Contains("a\nb</dd>", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_runs_only_with_the_typed_host_and_the_shown_command()
    {
        using var wrong = await sato.PostPartAsync("/incidents/35", "/incidents/35/steps/4/run", ("host", "web01"), ("command", "sudo systemctl restart nginx"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal("refused", Said(wrong).Kind);
        using var right = await sato.PostPartAsync("/incidents/35", "/incidents/35/steps/4/run", ("host", "web02"), ("command", "sudo systemctl restart nginx"));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.Equal("sato step 4 web02 sudo systemctl restart nginx 35", host.Desk.Carried.Last());
    }

    [Fact]
    public async Task A_call_is_recorded_only_for_a_contact_and_number_of_the_list()
    {
        (string, string)[] fields = [("contact", "1"), ("outcome", "NoAnswer"), ("said", "")];
        using var strange = await sato.PostPartAsync("/incidents/35", "/incidents/35/calls", [.. fields, ("number", "+81 90-9999-9999")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, strange.StatusCode);
        Assert.Empty(host.Desk.Carried);
        using var known = await sato.PostPartAsync("/incidents/35", "/incidents/35/calls", [.. fields, ("number", "+81 90-0000-4567")]);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Contains("末尾 4567", await known.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stream_greets_and_names_what_changed()
    {
        using var answer = await sato.Http.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("event: desk-hello", await reader.ReadLineAsync());
        host.Desk.Tell("incident/41");
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        var line = "";
        while (!line.StartsWith("event: desk-incident", StringComparison.Ordinal))
        {
            line = await reader.ReadLineAsync(late.Token) ?? throw new EndOfStreamException();
        }

        Assert.Equal("event: desk-incident-41", line);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/\\evil.example")]
    public async Task Sign_in_leads_nowhere_else(string next)
    {
        using var visitor = new Visitor(host);
        using var answer = await visitor.PostAsync("/login", "/login", ("name", "sato"), ("password", ConsoleHost.Password), ("next", next));
        Assert.Equal("/", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_wrong_password_stays_out_and_keeps_the_name()
    {
        using var visitor = new Visitor(host);
        using var answer = await visitor.PostAsync("/login", "/login", ("name", "sato"), ("password", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("value=\"sato\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static (string Text, string Kind) Said(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(answer.Headers.GetValues("HX-Trigger").Single());
        var notice = json.RootElement.GetProperty("desk-notice");
        return (notice.GetProperty("text").GetString()!, notice.GetProperty("kind").GetString()!);
    }
}
