using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Hinoban.Checks;
using Hinoban.Checks.DropIn;
using Hinoban.Lab;
using Hinoban.Lab.Servers;
using Hinoban.Server;
using Hinoban.Server.Verbs;

namespace Hinoban.Tests.Checks;

/// <summary><c>hinoban check</c> beside the distribution's own plugins: the same command lines, the same verdicts and first lines.</summary>
[Collection(ServiceTownDefinition.Name)]
public sealed partial class DropInTests(ServiceFixture town, NginxFixture nginx) : IClassFixture<NginxFixture>
{
    private const string Plugins = "/usr/lib/nagios/plugins";

    // KIND and options; {name} is a port: of a daemon, of nobody (closed), of one that speaks garbage, says nothing, refuses, or closes.
    private static readonly string[] Lines =
    [
        "tcp -H 127.0.0.1 -p {ssh}", "tcp -H 127.0.0.1 -p {closed}", "tcp -p {ssh}", "tcp 127.0.0.1 -p {ssh}", "tcp -H 127.0.0.1 -p {ssh} -4", "tcp -H 127.0.0.1 -p {ssh} -w 5 -c 9",
        "tcp -H 127.0.0.1 -p {ssh} -w 0", "tcp -H 127.0.0.1 -p {ssh} -c 0", "tcp -H 127.0.0.1 -p {ssh} -w 0 -c 5", "tcp -H 127.0.0.1 -p {ssh} -e SSH-2", "tcp -H 127.0.0.1 -p {ssh} -e SSH -e nothing",
        "tcp -H 127.0.0.1 -p {ssh} -e SSH -e OpenSSH -A", "tcp -H 127.0.0.1 -p {ssh} -e SSH -e nothing -A", "tcp -H 127.0.0.1 -p {ssh} -e nothing", "tcp -H 127.0.0.1 -p {ssh} -e nothing -M crit",
        "tcp -H 127.0.0.1 -p {ssh} -e nothing -M ok", "tcp -H 127.0.0.1 -p {ssh} -e SSH -j", "tcp -H 127.0.0.1 -p {ssh} -e nothing -j", "tcp -H 127.0.0.1 -p {ssh} -e nothing -w 3 -c 5", "tcp -H 127.0.0.1 -p {ssh} -e nothing -c 0",
        "tcp -H 127.0.0.1 -p {closed} -r ok", "tcp -H 127.0.0.1 -p {closed} -r warn", "tcp -H 127.0.0.1 -p {closed} -r crit", "tcp -H 127.0.0.1 -p {closed} -r nonsense", "tcp -H 127.0.0.1 -p {ssh} -M nonsense",
        "tcp -H 127.0.0.1 -p {silent} -e x -t 1", "tcp -H 127.0.0.1 -p {closes} -e x", "tcp -H 127.0.0.1 -p {http} -s GET -e HTTP -t 2", "tcp -H 127.0.0.1 -p {smtp} -e 220 -q QUIT", "tcp -H 127.0.0.1 -p {http} -E -s X\\r\\n\\r\\n -e HTTP/1",
        "tcp -H 127.0.0.1 -p {https} -S", "tcp -H 127.0.0.1 -p {https} -S -w 5", "tcp -H 127.0.0.1 -p {https} -D 10", "tcp -H 127.0.0.1 -p {https} -D 30", "tcp -H 127.0.0.1 -p {https} -D 30,25", "tcp -H 127.0.0.1 -p {https} -D x",
        "tcp -H 127.0.0.1 -p {http} -S", "tcp -H 127.0.0.1 -p {https} --sni localhost", "tcp -H no-such-host.invalid -p 80", "tcp -H 127.0.0.1 -p {ssh} --expect=SSH --timeout=5", "tcp -H 127.0.0.1 -p {ssh} --exp SSH",
        "tcp -H 127.0.0.1 -p x", "tcp -H 127.0.0.1 -p {ssh} -t x", "tcp -H 127.0.0.1 -p {ssh} -t 0", "tcp -H 127.0.0.1 -p {ssh} --nonsense", "tcp -H 127.0.0.1 -p {ssh} -e",
        "ftp -H 127.0.0.1 -p {ftp}", "ftp -H 127.0.0.1 -p {ftp} -e 220", "ftp -H 127.0.0.1 -p {ftp} -w 5 -c 9", "ftp -H 127.0.0.1 -p {ftp} -w 0", "ftp -H 127.0.0.1 -p {pop}", "ftp -H 127.0.0.1 -p {closed}", "ftp -H 127.0.0.1 -p {garbage}",
        "ftp -H 127.0.0.1 -p {ftp} -e Lab", "ftp -H 127.0.0.1 -p {closes}", "ftp -H 127.0.0.1 -p {ftp} -j",
        "pop -H 127.0.0.1 -p {pop}", "pop -H 127.0.0.1 -p {pop} -w 5 -c 9", "pop -H 127.0.0.1 -p {smtp}", "pop -H 127.0.0.1 -p {closed}", "pop -H 127.0.0.1 -p {denies}", "pop -H 127.0.0.1 -p {denies} -M crit", "pop -H 127.0.0.1 -p {pop} -e Dovecot",
        "pop -H 127.0.0.1 -p {pop3s} -S", "spop -H 127.0.0.1 -p {pop3s}", "spop -H 127.0.0.1 -p {pop}", "spop -H 127.0.0.1 -p {pop3s} -D 10", "spop -H 127.0.0.1 -p {pop3s} -D 30", "pop -H 127.0.0.1 -p {silent} -t 1", "pop -H 127.0.0.1 -p {garbage}",
        "imap -H 127.0.0.1 -p {imap}", "imap -H 127.0.0.1 -p {imap} -w 5 -c 9", "imap -H 127.0.0.1 -p {pop}", "imap -H 127.0.0.1 -p {closed}", "imap -H 127.0.0.1 -p {imap} -e Dovecot", "simap -H 127.0.0.1 -p {imaps}", "simap -H 127.0.0.1 -p {imap}",
        "simap -H 127.0.0.1 -p {imaps} -D 10", "simap -H 127.0.0.1 -p {imaps} -D 30,7", "imap -H 127.0.0.1 -p {garbage}", "imap -H 127.0.0.1 -p {silent} -t 1",
        "smtp -H 127.0.0.1 -p {smtp}", "smtp -H 127.0.0.1 -p {smtp} -w 5 -c 9", "smtp -H 127.0.0.1 -p {smtp} -w 0", "smtp -H 127.0.0.1 -p {smtp} -c 0", "smtp -H 127.0.0.1 -p {smtp} -e 220", "smtp -H 127.0.0.1 -p {smtp} -e Postfix",
        "smtp -H 127.0.0.1 -p {smtp} -S", "smtp -H 127.0.0.1 -p {smtp} -S -D 10", "smtp -H 127.0.0.1 -p {smtp} -S -D 365", "smtp -H 127.0.0.1 -p {smtp} -F mon.example.test", "smtp -H 127.0.0.1 -p {closed}", "smtp -H 127.0.0.1 -p {closes}",
        "smtp -H 127.0.0.1 -p {smtp} -C NOOP -R 250", "smtp -H 127.0.0.1 -p {smtp} -C NOOP -R 354", "smtp -H 127.0.0.1 -p {smtp} -f a@example.test -C NOOP", "smtp -H 127.0.0.1 -p {silent} -t 1", "smtp -H no-such-host.invalid", "smtp -H 127.0.0.1 -p x", "ssmtp -H 127.0.0.1 -p {smtps}",
        "ssh -H 127.0.0.1 -p {ssh}", "ssh -p {ssh} 127.0.0.1", "ssh -4 -p {ssh} 127.0.0.1", "ssh -H 127.0.0.1 -p {closed}", "ssh -H 127.0.0.1 -p {smtp}", "ssh -H 127.0.0.1 -p {ssh} -r OpenSSH_1", "ssh -H 127.0.0.1 -p {ssh} -P 2.0", "ssh -H 127.0.0.1 -p {ssh} -P 1.5",
        "ssh -H 127.0.0.1 -p {silent} -t 1", "ssh -H 127.0.0.1 -p {closes}", "ssh -H no-such-host.invalid",
        "http -H 127.0.0.1 -p {http}", "http -I 127.0.0.1 -p {http}", "http -H localhost -I 127.0.0.1 -p {http}", "http -H 127.0.0.1:{http}", "http -H 127.0.0.1 -p {http} -u /", "http -H 127.0.0.1 -p {http} -u /nothing", "http -H 127.0.0.1 -p {http} -u /401",
        "http -H 127.0.0.1 -p {http} -u /500", "http -H 127.0.0.1 -p {http} -u /503", "http -H 127.0.0.1 -p {http} -u /301", "http -H 127.0.0.1 -p {http} -u /301 -f ok", "http -H 127.0.0.1 -p {http} -u /301 -f warning", "http -H 127.0.0.1 -p {http} -u /301 -f critical",
        "http -H 127.0.0.1 -p {http} -u /301 -f follow", "http -H 127.0.0.1 -p {http} -u /301 -f sticky", "http -H 127.0.0.1 -p {http} -f nonsense", "http -H 127.0.0.1 -p {http} -e 200", "http -H 127.0.0.1 -p {http} -e 404", "http -H 127.0.0.1 -p {http} -e 404,200",
        "http -H 127.0.0.1 -p {http} -u /503 -e 503", "http -H 127.0.0.1 -p {http} -s Welcome", "http -H 127.0.0.1 -p {http} -s Goodbye", "http -H 127.0.0.1 -p {http} -s a-string-that-is-longer-than-thirty-characters", "http -H 127.0.0.1 -p {http} -d nginx", "http -H 127.0.0.1 -p {http} -d Apache",
        "http -H 127.0.0.1 -p {http} -r W.lcome", "http -H 127.0.0.1 -p {http} -r welcome", "http -H 127.0.0.1 -p {http} -R welcome", "http -H 127.0.0.1 -p {http} -r welcome --invert-regex", "http -H 127.0.0.1 -p {http} -r Welcome --invert-regex", "http -H 127.0.0.1 -p {http} -m 10",
        "http -H 127.0.0.1 -p {http} -m 100000", "http -H 127.0.0.1 -p {http} -m 10:20", "http -H 127.0.0.1 -p {http} -m 10:5000", "http -H 127.0.0.1 -p {http} -w 5 -c 9", "http -H 127.0.0.1 -p {http} -w 0", "http -H 127.0.0.1 -p {http} -c 0", "http -H 127.0.0.1 -p {http} -w 0 -c 9",
        "http -H 127.0.0.1 -p {http} -w 5: -c 9", "http -H 127.0.0.1 -p {http} -s Welcome -u /nothing", "http -H 127.0.0.1 -p {closed}", "http -H 127.0.0.1 -p {closes}", "http -H 127.0.0.1 -p {pop}", "http -H 127.0.0.1 -p {silent} -t 1",
        "http -H 127.0.0.1 -p {https} -S", "http -H localhost -I 127.0.0.1 -p {https} -S --sni", "http -H 127.0.0.1 -p {https} -C 10", "http -H 127.0.0.1 -p {https} -C 30", "http -H 127.0.0.1 -p {https} -C 30,25", "http -H 127.0.0.1 -p {https} -C x", "http -H 127.0.0.1 -p {https}",
        "http -H 127.0.0.1 -p {http} -S", "http -H 127.0.0.1 -p {http} -j HEAD", "http -H 127.0.0.1 -p {http} -j GET", "http -H 127.0.0.1 -p {http} -P a=b", "http -H 127.0.0.1 -p {http} -A agent -k X-A:b", "http -H 127.0.0.1 -p {http} -a user:word", "http -p {http}", "http -H no-such-host.invalid",
        "udp -H 127.0.0.1 -p {closed}", "udp -H 127.0.0.1 -p {closed} -s a -e b", "udp -H 127.0.0.1 -p {closed} -s a",
    ];

    [Fact]
    public async Task The_same_command_lines_end_alike()
    {
        Assert.SkipUnless(File.Exists($"{Plugins}/check_tcp"), "monitoring-plugins-basic is not installed: ./dev test installs it");
        Assert.SkipWhen(nginx.Server is null, "nginx is not installed: ./dev test installs it");
        using var silent = new BreakableHost();
        using var closes = new BreakableHost(HostMood.Closes);
        using var garbage = new BreakableHost(HostMood.Accepts, "hello, who is there?\r\n");
        using var denies = new BreakableHost(HostMood.Accepts, "-ERR too many sessions\r\n");
        var extra = new Dictionary<string, int>
        {
            ["http"] = nginx.Port,
            ["https"] = nginx.TlsPort,
            ["closed"] = Ports.Free(),
            ["silent"] = silent.Port,
            ["closes"] = closes.Port,
            ["garbage"] = garbage.Port,
            ["denies"] = denies.Port,
        };
        var unlike = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Lines, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (line, cancel) =>
        {
            var words = Port().Replace(line, m => (extra.TryGetValue(m.Groups[1].Value, out var port) ? port : town.PortOf(m.Groups[1].Value)).ToString(CultureInfo.InvariantCulture)).Split(' ');
            var plugin = PluginAsync(words);
            var ours = DropIns.Run(words[0], words[1..], TimeProvider.System);
            var (theirs, theirText) = await plugin;
            var same = theirs == (int)ours.Status && (theirs == 3 || Like(theirText) == Like(ours.Text));
            if (!same)
            {
                unlike.Add($"{line}\n  theirs {theirs}: {Like(theirText)}\n  ours   {(int)ours.Status}: {Like(ours.Text)}");
            }
        });
        Assert.True(Lines.Length > 150 && Lines.Distinct().Count() == Lines.Length);
        Assert.True(unlike.IsEmpty, string.Join('\n', unlike.Order()));
    }

    [Fact]
    public void What_is_asked_wrongly_is_unknown_and_said()
    {
        var none = DropIns.Run("nonsense", [], TimeProvider.System);
        var password = DropIns.Run("smtp", ["-H", "127.0.0.1", "-A", "LOGIN", "-U", "u", "-P", "secret"], TimeProvider.System);
        Assert.Equal((3, 3), ((int)none.Status, (int)password.Status));
        Assert.Contains("no such kind; there are tcp, udp, ", none.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", password.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp -H 127.0.0.1", 3)]
    [InlineData("tcp -H 127.0.0.1 -p 70000", 3)]
    [InlineData("tcp -H 127.0.0.1 -p 1 -t 5000000", 3)]
    [InlineData("ssh -p 70000 127.0.0.1", 3)]
    [InlineData("http -H 127.0.0.1:99999", 3)]
    [InlineData("http -I 127.0.0.1 -p 1 -c 99999999999", 2)]
    [InlineData("smtp -p 25 -H LONG", 3)]
    [InlineData("http -H LONG", 3)]
    public void No_command_line_breaks_it(string line, int status)
    {
        var words = line.Replace("LONG", new string('a', 300), StringComparison.Ordinal).Split(' ');
        var verdict = DropIns.Run(words[0], words[1..], TimeProvider.System);
        Assert.Equal(status, (int)verdict.Status);
        Assert.NotEqual("", verdict.Text);
    }

    [Fact]
    public void What_is_said_in_the_clear_after_STARTTLS_is_no_TLS()
    {
        using var host = new BreakableHost(HostMood.Accepts, "220 mx\r\n250-mx\r\n250 STARTTLS\r\n220 go on\r\n250 and this came with it\r\n");
        var verdict = DropIns.Run("smtp", ["-H", "127.0.0.1", "-p", $"{host.Port}", "-S"], TimeProvider.System);
        Assert.Equal((CheckStatus.Critical, "CRITICAL - Cannot make SSL connection."), (verdict.Status, verdict.Text));
    }

    [Fact]
    public void Limits_hold_for_all_that_is_followed()
    {
        using var there = new BreakableHost(HostMood.Answers, "HTTP/1.1 200 OK\r\n\r\nthere");
        using var away = new BreakableHost(HostMood.Answers, $"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{there.Port}/\r\n\r\n");
        using var slow = new SlowRelay(away.Port, TimeSpan.FromMilliseconds(120));
        var late = DropIns.Run("http", ["-I", "127.0.0.1", "-p", $"{slow.Port}", "-f", "follow", "-c", "0.1"], TimeProvider.System);
        Assert.Equal(CheckStatus.Critical, late.Status);
        Assert.StartsWith("HTTP CRITICAL: HTTP/1.1 200 OK - ", late.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_takes_too_long_is_never_OK()
    {
        using var host = new BreakableHost(HostMood.Answers, $"HTTP/1.1 200 OK\r\n\r\n{new string('a', 60)}!");
        var verdict = DropIns.Run("http", ["-I", "127.0.0.1", "-p", $"{host.Port}", "-r", "^(a+)+$", "--invert-regex"], TimeProvider.System);
        Assert.Equal(CheckStatus.Critical, verdict.Status);
    }

    [Theory]
    [InlineData("check tcp -H 127.0.0.1 -p 1 -r warn", 1, "connect to address 127.0.0.1 and port 1: Connection refused\n")]
    [InlineData("check tcp --nonsense", 3, "check_tcp: unrecognized option '--nonsense'\n")]
    public void The_verb_hands_the_words_on_and_ends_as_a_plugin(string words, int exit, string says)
    {
        using var output = new MemoryStream();
        Assert.True(CheckVerb.Is(words.Split(' ')));
        Assert.Equal(exit, CheckVerb.Run(words.Split(' '), output, TimeProvider.System));
        Assert.Equal(says, System.Text.Encoding.UTF8.GetString(output.ToArray()));
    }

    [Theory]
    [InlineData("check --help", 0, "tcp, udp, ftp, pop")]
    [InlineData("check", 64, "")]
    public async Task A_verb_without_a_kind_is_told_which_there_are(string words, int exit, string says)
    {
        using var output = new StringWriter();
        var around = new Surroundings(new Dictionary<string, string> { ["LANG"] = "C" }, Path.GetTempPath(), TextReader.Null, output, TextWriter.Null, TimeProvider.System);
        Assert.Equal(exit, await CommandTree.RunAsync(words.Split(' '), around));
        Assert.Contains(says, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_banner_cannot_pass_for_performance_data()
    {
        using var host = new BreakableHost(HostMood.Accepts, "220 hello | time=0s \u001b[31m red\r\n");
        var verdict = DropIns.Run("ftp", ["-H", "127.0.0.1", "-p", $"{host.Port}"], TimeProvider.System);
        Assert.Equal(2, verdict.Text.Split('|').Length);
        Assert.DoesNotContain('\u001b', verdict.Text);
    }

    private static async Task<(int Exit, string Text)> PluginAsync(string[] words)
    {
        var start = new ProcessStartInfo($"{Plugins}/check_{words[0]}", words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, text);
    }

    // The first line with its performance data, but for what differs between two runs of one program.
    private static string Like(string text) => Fraction().Replace(text.Trim().Split('\n')[0].Trim(), "#");

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Port();

    [GeneratedRegex(@"\d+\.\d{3,6}")]
    private static partial Regex Fraction();
}
