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
public sealed partial class DropInTests(ServiceFixture town)
{
    private const string Plugins = "/usr/lib/nagios/plugins";

    [Fact]
    public async Task The_same_command_lines_end_alike()
    {
        Assert.SkipUnless(File.Exists($"{Plugins}/check_tcp"), "monitoring-plugins-basic is not installed: ./dev test installs it");
        using var silent = new BreakableHost();
        using var closes = new BreakableHost(HostMood.Closes);
        using var garbage = new BreakableHost(HostMood.Accepts, "hello, who is there?\r\n");
        using var denies = new BreakableHost(HostMood.Accepts, "-ERR too many sessions\r\n");
        using var oldSsh = new BreakableHost(HostMood.Accepts, "SSH-2.0-3.2.9.1\n");
        using var wordySsh = new BreakableHost(HostMood.Accepts, "SSH-2.0-shown.ssh.0.1 and a comment\r\n");
        using var bareSsh = new BreakableHost(HostMood.Accepts, "SSH-\n");
        using var noStartTls = new BreakableHost(HostMood.Accepts, "220 mx\r\n250 mx\r\n221 bye\r\n");
        using var news = new BreakableHost(HostMood.Accepts, "201 no posting here\r\n");
        using var chat = new BreakableHost(HostMood.Answers, "<?xml version='1.0'?><stream:stream>");
        var extra = new Dictionary<string, int>
        {
            ["closed"] = Ports.Free(),
            ["silent"] = silent.Port,
            ["closes"] = closes.Port,
            ["garbage"] = garbage.Port,
            ["denies"] = denies.Port,
            ["oldssh"] = oldSsh.Port,
            ["wordyssh"] = wordySsh.Port,
            ["baressh"] = bareSsh.Port,
            ["nostarttls"] = noStartTls.Port,
            ["news"] = news.Port,
            ["chat"] = chat.Port,
        };
        var unlike = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(DropInLines.All, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (line, cancel) =>
        {
            var words = Port().Replace(line, m => (extra.TryGetValue(m.Groups[1].Value, out var port) ? port : town.PortOf(m.Groups[1].Value)).ToString(CultureInfo.InvariantCulture)).Split(' ').Select(w => w.Replace('␣', ' ')).ToArray();
            var plugin = PluginAsync(words);
            var ours = DropIns.Run(words[0], words[1..], TimeProvider.System);
            var (theirs, theirText) = await plugin;
            var same = theirs == (int)ours.Status && (theirs == 3 || Like(theirText) == Like(ours.Text));
            if (!same)
            {
                unlike.Add($"{line}\n  theirs {theirs}: {Like(theirText)}\n  ours   {(int)ours.Status}: {Like(ours.Text)}");
            }
        });
        Assert.Equal(DropInLines.All.Length, DropInLines.All.Distinct().Count());
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
