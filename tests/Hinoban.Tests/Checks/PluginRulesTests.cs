using System.Text;
using FsCheck.Fluent;
using FsCheck;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.Tests.Checks;

/// <summary>Output parsing, macros and evidence, without a process.</summary>
public sealed class PluginRulesTests
{
    public static TheoryData<string, string, string, string> Outputs => new()
    {
        { "OK", "OK", "", "" },
        { "OK\n", "OK", "", "" },
        { "", "", "", "" },
        { "OK - fine | a=1;2;3 'b c'=2\n", "OK - fine", "", "a=1;2;3 'b c'=2" },
        { "OK|a=1\nlong 1\nlong 2\n", "OK", "long 1\nlong 2", "a=1" },
        { "OK|a=1\nlong 1\nlong 2 | b=2\nc=3\n d=4 \n", "OK", "long 1\nlong 2", "a=1 b=2 c=3 d=4" },
        { "OK\nlong|b=2\nc=3", "OK", "long", "b=2 c=3" },
        { "OK\r\nlong\r\n", "OK", "long", "" },
        { "OK\rBcc: evil@example.jp", "OK\rBcc: evil@example.jp", "", "" },
        { "\u001b[31mred\u001b[0m <script>alert(1)</script> $(reboot) `x`", "\u001b[31mred\u001b[0m <script>alert(1)</script> $(reboot) `x`", "", "" },
        { "障害 ①㈱髙", "障害 ①㈱髙", "", "" },
        { "a\0b", "a\0b", "", "" },
        { "\n\r\n\nOK|a=1\n\nlong\n", "OK", "\nlong", "a=1" },
        { "OK|'a b'=1;2;3;4;5 'it''s'=U c=1,5s d=2MB;@10:20;~:5\n", "OK", "", "'a b'=1;2;3;4;5 'it''s'=U c=1,5s d=2MB;@10:20;~:5" },
    };

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Output_is_taken_apart_as_the_plugin_API_says(string printed, string first, string rest, string perfdata) =>
        Assert.Equal(new PluginOutput(first, rest, perfdata), PluginOutput.Parse(Encoding.UTF8.GetBytes(printed), 0));

    [Fact]
    public void Invalid_bytes_become_replacement_characters() =>
        Assert.Equal("a\uFFFDb\uFFFD", PluginOutput.Parse([(byte)'a', 0xFF, (byte)'b', 0xE3], 0).First);

    [Fact]
    public void A_cut_is_marked_and_cuts_no_character_and_no_number()
    {
        var wide = Encoding.UTF8.GetBytes("ああ");
        Assert.Equal("あ [output cut: 99 more bytes]", PluginOutput.Parse(wide.AsSpan(0, 5), 99).First);
        Assert.Equal(new PluginOutput("OK", "lo [output cut: 7 more bytes]", ""), PluginOutput.Parse("OK\nlo"u8, 7));
        Assert.Equal(new PluginOutput("OK", "[output cut: 7 more bytes]", "a=1"), PluginOutput.Parse("OK|a=1 b=1"u8, 7));
        Assert.Equal(new PluginOutput("OK", "x [output cut: 7 more bytes]", "a=1 b=2"), PluginOutput.Parse("OK|a=1\nx|b=2 c=1"u8, 7));
    }

    [Theory]
    [InlineData(11, "signal 11, SIGSEGV")]
    [InlineData(24, "signal 24, SIGXCPU: more processor time than it may use")]
    [InlineData(16, "signal 16")]
    [InlineData(64, "signal 64")]
    [InlineData(0, "signal 0")]
    public void A_signal_is_named(int signal, string name) => Assert.Equal(name, SignalNames.Of(signal));

    [Theory]
    [InlineData(128, "")]
    [InlineData(129, " - what a shell gives for signal 1, SIGHUP")]
    [InlineData(139, " - what a shell gives for signal 11, SIGSEGV")]
    [InlineData(144, "")]
    [InlineData(159, " - what a shell gives for signal 31, SIGSYS")]
    [InlineData(160, "")]
    [InlineData(255, "")]
    [InlineData(4, "")]
    public void An_exit_code_of_a_shell_may_tell_of_a_signal(int code, string says) => Assert.Equal(says, SignalNames.OfExitCode(code));

    [Fact]
    public void Parsing_never_fails() => Prop.ForAll<byte[], bool>((bytes, cut) => PluginOutput.Parse(bytes, cut ? 1 : 0).First is not null).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("$HOSTADDRESS$", "192.0.2.1; rm -rf /")]
    [InlineData("http://$HOSTNAME$:80/$SERVICEDESC$", "http://web 01:80/$HOSTNAME$")]
    [InlineData("$$HOSTADDRESS$$", "$HOSTADDRESS$")]
    [InlineData("cost $5 and $", "cost $5 and $")]
    [InlineData("$USER1$ $hostaddress$", "$USER1$ $hostaddress$")]
    [InlineData("$(reboot) `reboot` %s", "$(reboot) `reboot` %s")]
    public void Macros_are_expanded_once_inside_their_argument(string argument, string expanded)
    {
        var item = CheckItems.Of(new PluginLookPlan(["x"], false), "192.0.2.1; rm -rf /", "web 01", "$HOSTNAME$");
        Assert.Equal(expanded, PluginCommand.Expand(argument, item));
    }

    [Theory]
    [InlineData(0, false, "Ok Answer None")]
    [InlineData(1, false, "Warning Transport None")]
    [InlineData(2, false, "Critical Transport None")]
    [InlineData(3, false, "Unknown Transport None")]
    [InlineData(1, true, "Warning Answer None")]
    [InlineData(3, true, "Unknown Answer None")]
    [InlineData(4, true, "Critical Transport PluginFailed")]
    [InlineData(255, false, "Critical Transport PluginFailed")]
    [InlineData(126, false, "Critical Transport PluginMissing")]
    [InlineData(127, false, "Critical Transport PluginMissing")]
    public void An_exit_code_is_evidence(int code, bool answers, string means)
    {
        var answer = PluginLook.Answer(new PluginLookPlan(["x"], answers), new PluginRunEnd(new ChildEnd(code, null), false, "text"u8.ToArray(), 0, []), CheckItems.Long);
        Assert.Equal(means, $"{answer.Status} {answer.Reply} {answer.NoValue}");
        if (code > 3)
        {
            Assert.StartsWith($"(Return code of {code} is out of bounds", answer.Output, StringComparison.Ordinal);
            Assert.Equal("text", answer.LongOutput);
        }
    }
}
