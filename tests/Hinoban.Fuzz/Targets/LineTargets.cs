using System.Text;
using Hinoban.Notifying;

namespace Hinoban.Fuzz.Targets;

/// <summary>Lines: a relay's log that is searched, and anybody's text that is shown and mailed.</summary>
internal static class LineTargets
{
    private const string Sender = "bounce-7.3.acme@hinoban.example.jp";
    private const string Id = "<7.3.acme@hinoban.example.jp>";

    private static readonly DateTimeOffset Now = new(2026, 4, 14, 2, 14, 0, TimeSpan.Zero);
    private static readonly string Log = MadeFiles.At("relay.log");

    internal static IReadOnlyList<Target> All { get; } =
    [
        new("relay-log", Relay, "src/Hinoban/Notifying/RelayRecords.cs")
        {
            Tokens = Target.Words("Apr 14 02:13:20 ", "2026-04-14T02:13:20.5+00:00 ", "mx postfix/cleanup[12]: 4ABC: message-id=", Id, "mx postfix/qmgr[12]: 4ABC: from=<", $"{Sender}>, size=900", "\n", "Feb 29 00:00:00 ", "Dec 31 23:59:60 ", "0001-01-01T00:00:00+14:00 ", "9999-12-31T23:59:59-14:00 "),
            Factor = 200,
            Constant = 512 * 1024,
            Short = 2_000,
        },
        new("shown-line", Shown, "src/Hinoban/Notifying/Visible.cs") { Tokens = [.. Target.Words("\t", "\n", "\r\n", "\e[31m", "\u202e", "\u2028", "\ufeff", "\ufffe", "\u200d", "😀", "\U000e0041", "\0"), [0xff], [0xed, 0xa0, 0x80]] },
        new("mail-lines", Wrapped, "src/Hinoban/Notifying/MailWrap.cs", "src/Hinoban/Notifying/EastAsianWidth.cs")
        {
            Tokens = Target.Words("\t", " ", "、", "「", "」", "ー", "あ", "漢", "é", "👨‍👩‍👧", "\u0301", "https://example.jp/", "word ", "。。。", "（（（", "ｱ", "\n"),
            Factor = 4000,
            Constant = 256 * 1024,
            Short = 2_000,
        },
    ];

    // Only where both of the relay's lines are there, ours, is it said that it took the mail.
    private static void Relay(ReadOnlyMemory<byte> input)
    {
        MadeFiles.Write(Log, input.Span);
        var answer = new RelayRecords(Log).LookUp(Sender, Id, Now.AddMinutes(-1), Now);
        Hold.That(answer.Knows != RelayKnows.TooEarly, "too early after a minute");
        if (answer.Knows == RelayKnows.Accepted)
        {
            var text = Encoding.Latin1.GetString(input.Span);
            Hold.That(text.Contains(Id, StringComparison.Ordinal) && text.Contains($"from=<{Sender}>", StringComparison.Ordinal) && answer.QueueId.Length > 0, "accepted without proof");
        }
    }

    private static void Shown(ReadOnlyMemory<byte> input)
    {
        // Halves of characters too: what is shown may have been cut.
        var text = Encoding.UTF8.GetString(input.Span).Replace("😀", "\ud83d", StringComparison.Ordinal);
        var line = Visible.Line(text, 300);
        Hold.That(!line.Any(char.IsControl), "a control character");
        Hold.That(line.Length <= (300 * 10) + 20, "a line without end");
        Hold.That(text.Length > 300 || line.Length > 300 || Visible.Line(line, 300) == line, "shown twice it differs");
        Hold.That(Visible.Lines(text).All(l => !l.Any(c => c != '\t' && char.IsControl(c))), "a control character in a line");
    }

    private static void Wrapped(ReadOnlyMemory<byte> input)
    {
        var text = Visible.Lines(Encoding.UTF8.GetString(input.Span));
        var lines = MailWrap.Lines(text).ToList();
        Hold.Same(Bare(string.Concat(lines)), Bare(string.Concat(text)), "wrapping changes the text");
        Hold.That(lines.All(l => l.Length <= 600 || l.Contains("://", StringComparison.Ordinal)), "a line without end");
    }

    private static string Bare(string text) => text.Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal);
}
