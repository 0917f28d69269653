using FsCheck;
using FsCheck.Fluent;
using Hinoban.Notifying;

namespace Hinoban.Tests.Notifying;

/// <summary>Hard wrap by display columns, and making untrusted text visible.</summary>
public sealed class WrapTests
{
    [Fact]
    public void Full_width_text_breaks_after_37_characters()
    {
        var lines = MailWrap.Lines([new string('障', 80)]).ToList();
        Assert.Equal([37, 37, 6], lines.Select(l => l.Length));
    }

    [Fact]
    public void What_fits_38_characters_is_not_broken_and_no_last_line_is_two_characters()
    {
        Assert.Equal([new string('障', 38)], MailWrap.Lines([new string('障', 38)]));
        Assert.Equal([33, 6], MailWrap.Lines([new string('障', 39)]).Select(l => l.Length));
        var sentence = new string('障', 35) + "お知らせいたします。";
        Assert.All(MailWrap.Lines([sentence]), l => Assert.True(MailWrap.Width(l) >= 12, l));
        Assert.Equal(sentence, string.Concat(MailWrap.Lines([sentence])));
    }

    [Fact]
    public void A_space_at_a_break_is_there_again_when_its_word_comes_down()
    {
        // The break falls on the space; the last line is short, so that the word before comes back.
        var line = new string('a', 60) + " " + new string('b', 13) + " cc";
        Assert.Equal([new string('a', 60), new string('b', 13) + " cc"], MailWrap.Lines([line]));
    }

    [Fact]
    public void Ambiguous_characters_count_as_two() => Assert.Equal(8, MailWrap.Width("■○→※"));

    [Fact]
    public void Half_width_kana_and_ascii_count_as_one() => Assert.Equal(6, MailWrap.Width("ｱｲｳabc"));

    [Fact]
    public void Latin_text_breaks_at_spaces_and_a_closing_mark_does_not_begin_a_line()
    {
        var english = MailWrap.Lines([string.Join(' ', Enumerable.Repeat("monitoring", 20))]).ToList();
        Assert.All(english, l => Assert.Matches("^monitoring( monitoring)*$", l));

        var japanese = MailWrap.Lines([new string('障', 37) + "。" + new string('害', 5)]).ToList();
        Assert.Equal([new string('障', 36), "障。害害害害害"], japanese);
    }

    [Fact]
    public void A_link_stays_whole_and_an_endless_word_does_not()
    {
        var link = "https://example.jp/" + new string('a', 200);
        Assert.Contains(link, MailWrap.Lines([$"See {link} please"]));
        Assert.All(MailWrap.Lines([new string('a', 5000)]), l => Assert.InRange(l.Length, 1, MailWrap.Columns));
    }

    [Fact]
    public void Tabs_keep_their_columns() => Assert.Equal(["a       b", "日本    b"], MailWrap.Lines(["a\tb", "日本\tb"]));

    [Fact]
    public void Wrapping_loses_nothing_and_no_line_is_too_long()
    {
        var pieces = Gen.Elements("障", "。", "a", " ", "（", "）", "abc", "e\u0301", "ｱ", "😀", "-", "\t", "『", "x.y", "\u200d");
        var texts = pieces.ListOf().Select(list => string.Concat(list));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var lines = MailWrap.Lines([text]).ToList();
            var kept = string.Concat(lines).Replace(" ", "", StringComparison.Ordinal) == text.Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal);
            return kept && lines.All(l => MailWrap.Width(l) <= MailWrap.Longest);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Marks_heaped_on_one_character_are_no_line_without_end() =>
        Assert.All(MailWrap.Lines([$"e{new string('\u0301', 2000)}"]), l => Assert.InRange(l.Length, 1, 100));

    [Fact]
    public void Tabs_by_the_ten_thousand_take_no_longer_than_words()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("a       b", string.Concat(MailWrap.Lines(["a\tb"])));
        Assert.Equal("xy", string.Concat(MailWrap.Lines([$"x{new string('\t', 10_000)}y"])).Replace(" ", "", StringComparison.Ordinal));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Theory]
    [InlineData("a\r\nb", "a\\r\\nb")]
    [InlineData("\u001b[31m", "\\x1b[31m")]
    [InlineData("\u202ex\u2069", "\\u{202e}x\\u{2069}")]
    [InlineData("a\tb\u0000\u0085", "a b\\x00\\x85")]
    [InlineData("\ufeff\ufffe👍\ufffd", "\\u{feff}\\u{fffe}👍\ufffd")]
    public void Steering_characters_become_visible(string given, string shown) => Assert.Equal(shown, Visible.Line(given));

    [Fact]
    public void A_lone_surrogate_becomes_visible() => Assert.Equal("a\\u{d800}b", Visible.Line("a\ud800b"));

    [Fact]
    public void Long_text_is_cut_between_characters_and_says_so()
    {
        Assert.Equal("abc…(+4)", Visible.Line("abcdefg", 3));
        Assert.Equal("ab…(+2)", Visible.Line("ab👍", 3));
        Assert.Equal(1000 + "…(+999000)".Length, Visible.Line(new string('x', 1_000_000)).Length);
    }
}
