using System.Net.Sockets;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>What a talk over a wire means, without one: <see cref="WireRules"/>.</summary>
public sealed class WireRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);
    private static readonly WireRules Rules = new("POP", "192.0.2.1", 110, TimeSpan.FromSeconds(10), Now) { Warn = TimeSpan.FromSeconds(3), Crit = TimeSpan.FromSeconds(8) };

    [Theory]
    [InlineData(3000, 40, CheckStatus.Ok)]
    [InlineData(3001, 40, CheckStatus.Warning)]
    [InlineData(8001, 40, CheckStatus.Critical)]
    [InlineData(250, 20, CheckStatus.Warning)]
    [InlineData(3001, 5, CheckStatus.Critical)]
    [InlineData(8001, 20, CheckStatus.Critical)]
    internal void The_worse_of_time_and_certificate_counts(int milliseconds, int days, CheckStatus status)
    {
        var sight = Sight(milliseconds, 12);
        sight.Certificate = new ServerCertificate(Now.AddDays(days), "mail.example.jp", "");
        var answer = (Rules with { Tls = new TlsPlan(WireTls.Direct, "", true, 30, 7) }).Judge(WireOutcome.Done, sight);
        Assert.Equal((status, Reply.Answer, NoValue.None), (answer.Status, answer.Reply, answer.NoValue));
        Assert.StartsWith($"POP {Perf.Word(status)} - {(days < 30 ? $"certificate 'mail.example.jp' expires in {days} days, on " : "")}", answer.Output, StringComparison.Ordinal);
        Assert.EndsWith($" certificate_days={days};30:;7:", answer.Perfdata, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_says_its_time_its_banner_and_the_times_on_the_way()
    {
        var sight = Sight(250, 12);
        (sight.Banner, sight.ByName) = ("+OK\r\nready", true);
        (sight.Named, sight.Connected, sight.Secured, sight.FirstByte) = (Milliseconds(1), Milliseconds(2), Milliseconds(3), Milliseconds(4));
        var answer = Rules.Judge(WireOutcome.Done, sight);
        Assert.Equal("POP OK - 0.250 second response time on 192.0.2.1 port 110 [+OK ready]", answer.Output);
        Assert.Equal("time=0.250000s;3;8;0;10 time_dns=0.001000s time_connect=0.002000s time_ssl=0.003000s time_firstbyte=0.004000s", answer.Perfdata);
        sight.ByName = false;
        sight.Banner = "";
        Assert.Equal("POP OK - 0.250 second response time on 192.0.2.1 port 110", Rules.Judge(WireOutcome.Done, sight).Output);
        Assert.DoesNotContain("time_dns", Rules.Judge(WireOutcome.Done, sight).Perfdata, StringComparison.Ordinal);
        (sight.ByName, sight.Named) = (true, null);
        Assert.DoesNotContain("time_dns", Rules.Judge(WireOutcome.Done, sight).Perfdata, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, WireFate.Denied, Reply.Answer, NoValue.None, "refused: no")]
    [InlineData(1, WireFate.Garbage, Reply.Answer, NoValue.Garbage, "invalid answer: no")]
    [InlineData(0, WireFate.TimedOut, Reply.Transport, NoValue.TimedOut, "no answer from 192.0.2.1:110 within 10 seconds (here)")]
    [InlineData(1, WireFate.TimedOut, Reply.Answer, NoValue.TimedOut, "answer not complete within 10 seconds (here, it said 'h')")]
    [InlineData(0, WireFate.Cut, Reply.Transport, NoValue.Refused, "connection reset (192.0.2.1:110)")]
    [InlineData(1, WireFate.Cut, Reply.Answer, NoValue.Garbage, "connection reset after 1 bytes, it said 'h'")]
    [InlineData(0, WireFate.TlsCut, Reply.Transport, NoValue.TlsCut, "TLS handshake failed: no")]
    [InlineData(1, WireFate.TlsCut, Reply.Answer, NoValue.TlsCut, "TLS handshake failed: no")]
    [InlineData(0, WireFate.Closed, Reply.Transport, NoValue.Refused, "connection closed before any byte of an answer (192.0.2.1:110)")]
    [InlineData(1, WireFate.Closed, Reply.Answer, NoValue.Garbage, "connection closed after 1 bytes, it said 'h'")]
    internal void A_failure_is_the_targets_once_it_has_spoken(int bytes, WireFate fate, Reply reply, NoValue why, string words)
    {
        var sight = Sight(250, bytes);
        (sight.Stage, sight.Banner) = ("here", bytes == 0 ? "" : "h");
        var answer = Rules.Judge(new WireOutcome(fate, "no", SocketError.ConnectionReset), sight);
        Assert.Equal((CheckStatus.Critical, reply, why, $"POP CRITICAL - {words}"), (answer.Status, answer.Reply, answer.NoValue, answer.Output));
        Assert.Equal(reply == Reply.Answer, answer.Perfdata.Length > 0);
    }

    [Fact]
    public void An_IPv6_address_stands_in_brackets() =>
        Assert.Contains("([2001:db8::1]:110)", (Rules with { Address = "2001:db8::1" }).Judge(new WireOutcome(WireFate.Closed), Sight(1, 0)).Output, StringComparison.Ordinal);

    [Fact]
    public void A_certificate_that_is_not_trusted_is_the_targets_answer()
    {
        var sight = Sight(1, 0);
        sight.Certificate = new ServerCertificate(Now.AddDays(1), "a.jp", "self-signed");
        var answer = Rules.Judge(new WireOutcome(WireFate.Untrusted), sight);
        Assert.Equal((Reply.Answer, NoValue.None, "POP CRITICAL - certificate 'a.jp' is not trusted: self-signed"), (answer.Reply, answer.NoValue, answer.Output));
    }

    [Theory]
    [InlineData(200, 200, false)]
    [InlineData(201, 200, true)]
    public void A_long_banner_is_cut_between_characters(int length, int kept, bool cut)
    {
        var banner = string.Concat(Enumerable.Repeat("😀", length));
        Assert.Equal(string.Concat(Enumerable.Repeat("😀", kept)) + (cut ? "…" : ""), WireRules.Short(banner));
    }

    private static WireSight Sight(int milliseconds, int bytes) => new() { Total = Milliseconds(milliseconds), Bytes = bytes };

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
