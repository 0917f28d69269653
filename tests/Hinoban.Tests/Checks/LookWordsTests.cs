using System.Net.Sockets;
using System.Text.RegularExpressions;
using Hinoban.Checks;
using Hinoban.Checks.Via;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>What our own looks say is said in Japanese too, all of it; what others say stays as it is.</summary>
public sealed partial class LookWordsTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 14, 2, 0, 0, TimeSpan.Zero);

    private static readonly SocketError[] OnTheWire =
    [
        SocketError.ConnectionRefused, SocketError.ConnectionReset, SocketError.TimedOut, SocketError.HostUnreachable, SocketError.NetworkUnreachable, SocketError.HostDown,
        SocketError.InvalidArgument, SocketError.AccessDenied, SocketError.TooManyOpenSockets, SocketError.AddressNotAvailable, SocketError.HostNotFound,
    ];

    [Fact]
    public void Every_failure_on_the_wire()
    {
        foreach (var error in OnTheWire)
        {
            AllJapanese("tcp", LookFailures.Of("TCP ", error, "192.0.2.10:25").Output);
        }
    }

    [Fact]
    public void Every_way_a_talk_ends()
    {
        var rules = new WireRules("SMTP", "192.0.2.10", 25, TimeSpan.FromSeconds(10), Now);
        foreach (var fate in Enum.GetValues<WireFate>().Except([WireFate.Untrusted]))
        {
            foreach (var said in new[] { "", "220 mx ESMTP" })
            {
                var sight = new WireSight { Stage = "waiting for the greeting", Banner = said, Bytes = said.Length };
                AllJapanese("smtp", rules.Judge(new WireOutcome(fate, "not SMTP: '220 mx'", SocketError.ConnectionReset), sight).Output, "ESMTP", "mx");
            }
        }
    }

    [Theory]
    [InlineData("HTTP CRITICAL: HTTP/1.1 200 OK - string 'Welcome' not found on 'http://a/' - body of 12 bytes is not within 500: - 12 bytes in 0.100 second response time",
        "HTTP CRITICAL: HTTP/1.1 200 OK - 文字列 'Welcome' が 'http://a/' にありません - 本文の大きさ 12バイトが範囲 500: の外です - 12バイト、応答時間 0.100秒")]
    [InlineData("HTTP WARNING: HTTP/1.1 200 OK - certificate 'www' expires in 21 days, on 2026-05-05 00:00 UTC - 12 bytes in 0.100 second response time",
        "HTTP WARNING: HTTP/1.1 200 OK - 証明書 'www' の有効期限まで21日です (2026-05-05 00:00 UTC) - 12バイト、応答時間 0.100秒")]
    [InlineData("HTTP CRITICAL - answer not complete within 10 seconds (HTTP/1.1 200 OK - 512 bytes so far)", "HTTP CRITICAL - 10秒以内に応答が完了しません (HTTP/1.1 200 OK - ここまで512バイト)")]
    [InlineData("HTTP CRITICAL - no answer within 10 seconds (connected, no byte of an answer)", "HTTP CRITICAL - 10秒以内に応答がありません (接続済み、応答なし)")]
    [InlineData("HTTP CRITICAL - invalid HTTP answer: HTTP/1.1 200 OK - connection closed after 5 bytes, before the end of the answer",
        "HTTP CRITICAL - HTTPの応答として正しくありません: HTTP/1.1 200 OK - 応答の途中 (5バイト受信後) で接続を閉じられました")]
    [InlineData("PING CRITICAL - Packet loss = 100%, no answer from 192.0.2.1 within 10 seconds", "PING CRITICAL - パケット損失 100%、192.0.2.1 から10秒以内に応答がありません")]
    [InlineData("SMTP WARNING - certificate 'mx' expires in 21 days, on 2026-05-05 00:00 UTC - 0.100 second response time on 192.0.2.10 port 25 [220 mx]",
        "SMTP WARNING - 証明書 'mx' の有効期限まで21日です (2026-05-05 00:00 UTC) - 192.0.2.10 ポート25、応答時間 0.100秒 [220 mx]")]
    [InlineData("HTTP CRITICAL: redirect to http://b/, and there connection refused", "HTTP CRITICAL: リダイレクト先 http://b/ で接続を拒否されました")]
    [InlineData("HTTP CRITICAL: redirect to http://b/, and there the connection is closed before any byte of an answer", "HTTP CRITICAL: リダイレクト先 http://b/ で応答がないまま接続を閉じられました")]
    [InlineData("HTTP CRITICAL: redirect to http://b/, and there the connection is broken: connection reset", "HTTP CRITICAL: リダイレクト先 http://b/ で接続が切れました: 接続がリセットされました")]
    [InlineData("PING UNKNOWN - no ICMP on this machine: too many open sockets on this machine", "PING UNKNOWN - この監視拠点ではICMPを使えません: この監視拠点のソケット数が上限に達しています")]
    [InlineData("NRPE CRITICAL - return code of 9 is out of bounds: connection refused", "NRPE CRITICAL - 終了コード 9 は範囲外です: connection refused")]
    [InlineData("SMTP CRITICAL - refused: it does not offer STARTTLS", "SMTP CRITICAL - STARTTLSに対応していません")]
    [InlineData("SMTP CRITICAL - refused: 'mx' is not in its greeting '220 a - b'", "SMTP CRITICAL - 'mx' が最初の応答 '220 a - b' にありません")]
    [InlineData("PING OK - Packet loss = 0%, RTA = 0.31 ms", "PING OK - パケット損失 0%、RTA 0.31 ms")]
    [InlineData("DNS CRITICAL - refused: no A record of www", "DNS CRITICAL - www の A レコードがありません")]
    [InlineData("SMTP CRITICAL - refused: 554 go away", "SMTP CRITICAL - 拒否されました: 554 go away")]
    [InlineData("AGENT CRITICAL - the agent of web01 (192.0.2.10:5667) does not answer: connection refused; nothing is known of the database at db01:5432",
        "AGENT CRITICAL - web01 のエージェント (192.0.2.10:5667) が応答しません: 接続を拒否されました。データベース db01:5432 の状態は不明です")]
    [InlineData("POSTGRES CRITICAL - 192.0.2.20:5432: connection refused", "POSTGRES CRITICAL - 192.0.2.20:5432: 接続を拒否されました")]
    public void A_sentence_reads_so(string said, string ja)
    {
        var words = LookWords.Of("http", said);
        Assert.Equal((ja, said), (words.Ja, words.En));
    }

    [Theory]
    [InlineData("plugin", "TCP CRITICAL - connection refused (192.0.2.10:25)")]
    [InlineData("passive", "TCP CRITICAL - connection refused (192.0.2.10:25)")]
    [InlineData("", "TCP CRITICAL - connection refused (192.0.2.10:25)")]
    [InlineData("http", "connection refused")]
    [InlineData("http", "")]
    [InlineData("http", "HTTP CRITICAL - something that no look of ours says")]
    [InlineData("http", "HTTP CRITICAL")]
    public void What_is_none_of_ours_stays_as_it_is(string kind, string said) => Assert.Equal(said, LookWords.Of(kind, said).Ja);

    [Theory]
    [InlineData("SMTP CRITICAL - refused: {0} {1} {9*} - connection refused", "SMTP CRITICAL - 拒否されました: {0} {1} {9*} - connection refused")]
    [InlineData("SMTP CRITICAL - refused: 421 4.3.2 backend: connection timed out", "SMTP CRITICAL - 拒否されました: 421 4.3.2 backend: connection timed out")]
    [InlineData("SMTP CRITICAL - refused: connection refused", "SMTP CRITICAL - 拒否されました: connection refused")]
    [InlineData("POSTGRES CRITICAL - FATAL: connection refused", "POSTGRES CRITICAL - FATAL: connection refused")]
    [InlineData("POSTGRES CRITICAL - a backend:1: connection refused", "POSTGRES CRITICAL - a backend:1: connection refused")]
    [InlineData("HTTP CRITICAL: HTTP/1.1 503 Busy - connection refused - 12 bytes in 0.100 second response time", "HTTP CRITICAL: HTTP/1.1 503 Busy - connection refused - 12バイト、応答時間 0.100秒")]
    [InlineData("HTTP CRITICAL: HTTP/1.1 503 a - redirect without a Location - b - 12 bytes in 0.100 second response time", "HTTP CRITICAL: HTTP/1.1 503 a - redirect without a Location - b - 12バイト、応答時間 0.100秒")]
    [InlineData("SMTP CRITICAL - connection closed after 9 bytes, it said '220 a - connection refused'", "SMTP CRITICAL - 9バイト受信後に接続を閉じられました。受信内容 '220 a - connection refused'")]
    [InlineData("SMTP OK - 0.1 second response time on h port 25 [220 a - connection refused]", "SMTP OK - h ポート25、応答時間 0.1秒 [220 a - connection refused]")]
    [InlineData("TCP OK - 0.1 second response time on h port 1 [{2} <b>]", "TCP OK - h ポート1、応答時間 0.1秒 [{2} <b>]")]
    public void A_targets_words_fill_no_holes(string said, string ja) => Assert.Equal(ja, LookWords.Of("smtp", said).Ja);

    [Fact]
    public void A_line_of_any_length_and_kind_comes_back_in_time()
    {
        foreach (var much in new[] { new string('(', 60_000), string.Concat(Enumerable.Repeat(" - connection refused (", 3_000)), string.Concat(Enumerable.Repeat("the agent of ", 5_000)) })
        {
            Assert.NotEmpty(LookWords.Of("tcp", $"TCP CRITICAL - {much}").Ja);
        }
    }

    [Theory]
    [InlineData("http", "WARN 3 s / CRIT 8 s / status 200 / contains \"a b\"", "WARN 3秒 / CRIT 8秒 / ステータス 200 / 文字列 \"a b\" を含む")]
    [InlineData("ping", "WARN 500 ms 20% / CRIT 1000 ms 60%", "WARN 500 ms 20% / CRIT 1000 ms 60%")]
    [InlineData("disk", "WARN 80% used (20% free)", "WARN 使用率 80% (空き 20%)")]
    [InlineData("passive", "freshness 10m", "鮮度 10m")]
    [InlineData("plugin", "check_x status 3", "check_x status 3")]
    [InlineData("log", "status 500 / WARN 3 s / 80% used", "status 500 / WARN 3 s / 80% used")]
    public void Thresholds_read_so(string kind, string terms, string ja) => Assert.Equal(ja, LookTerms.Of(kind, terms).Ja);

    private static void AllJapanese(string kind, string said, params string[] others)
    {
        var words = LookWords.Of(kind, said);
        Assert.Equal(said, words.En);
        var left = others.Aggregate(words.Ja[(words.Ja.IndexOf(" - ", StringComparison.Ordinal) + 3)..], (text, word) => text.Replace(word, "", StringComparison.Ordinal));
        Assert.False(English().IsMatch(left), words.Ja);
    }

    [GeneratedRegex("[a-z]{3,} [a-z]{2,}")]
    private static partial Regex English();
}
