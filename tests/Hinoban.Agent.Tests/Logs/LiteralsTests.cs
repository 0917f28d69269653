using System.Text;
using System.Text.RegularExpressions;
using Hinoban.Agent.Logs;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>What a pattern's every match surely holds: never too much, for then hits would be missed.</summary>
public sealed class LiteralsTests
{
    [Theory]
    [InlineData("Out of memory", "Out of memory")]
    [InlineData("Out of (memory|disk)", "Out of ")]
    [InlineData("(error|failure) x", "error,failure")]
    [InlineData("(?:ab|cd)(?<n>efgh)", "efgh")]
    [InlineData("error|", null)]
    [InlineData("error|warn", "error,warn")]
    [InlineData("colou?r", "colo")]
    [InlineData("ab*cd", "cd")]
    [InlineData("ab+cd", "ab")]
    [InlineData("ab{0,3}cde", "cde")]
    [InlineData("ab{2}c", "ab")]
    [InlineData("a{b}", "a{b}")]
    [InlineData(@"\d+\.\d+ms", "ms")]
    [InlineData(@"5\.1\.2", "5.1.2")]
    [InlineData(@"[abc]def[^]x]gh", "def")]
    [InlineData(@"[a-z-[aeiou]]xyz", "xyz")]
    [InlineData(@"\p{Lu}xy", "xy")]
    [InlineData(@"\x41bc", null)]
    [InlineData("(optional)?", null)]
    [InlineData("(optional)?needed", "needed")]
    [InlineData("^start.*end$", "start")]
    [InlineData("(?i)oom", "oom")]
    [InlineData("(?i)disk error", " error")]
    [InlineData("a(?i)bcd", null)]
    [InlineData("(?i:abcd)", null)]
    [InlineData("エラー(発生)?", "エラー")]
    [InlineData("a", null)]
    [InlineData("(((deep)))", "deep")]
    public void Known_patterns(string pattern, string? texts)
    {
        _ = new Regex(pattern, RegexOptions.NonBacktracking);
        Assert.Equal(texts, Literals.Of(pattern) is { } found ? string.Join(',', found.AnyOf) : null);
    }

    /// <summary>Random patterns of random texts: wherever the pattern matches, one of its literals stands.</summary>
    [Fact]
    public void What_matches_always_holds_one()
    {
        var (random, named, met) = (new Random(7), 0, 0);
        for (var n = 0; n < 60_000; n++)
        {
            var pattern = (random.Next(4) == 0 ? "(?i)" : "") + Pattern(random, 3);
            Regex regex;
            try
            {
                regex = new Regex(pattern, RegexOptions.CultureInvariant);
            }
            catch (RegexParseException)
            {
                continue;
            }

            if (Literals.Of(pattern) is not { } literals)
            {
                continue;
            }

            named++;
            for (var t = 0; t < 10; t++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "abAB{}1.]-\u212A,ck"[random.Next(14)]));
                var matches = regex.IsMatch(text);
                met += matches ? 1 : 0;
                Assert.True(!matches || literals.In(text), $"{pattern} matches '{text}' without any of {string.Join(',', literals.AnyOf)}");
            }
        }

        Assert.True(named > 2_000 && met > 300, $"{named} {met}");
    }

    private static string Pattern(Random random, int depth)
    {
        var text = new StringBuilder();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            text.Append(random.Next(depth > 0 ? 12 : 9) switch
            {
                0 => ".",
                1 => "[ab]",
                2 => "[^]a-]",
                3 => @"\.",
                4 => @"\d",
                < 9 => "abcABk{}1,-"[random.Next(11)].ToString(),
                9 => $"({Pattern(random, depth - 1)})",
                10 => $"(?:{Pattern(random, depth - 1)}|{Pattern(random, depth - 1)})",
                _ => $"{Pattern(random, depth - 1)}|{Pattern(random, depth - 1)}",
            });
            text.Append(random.Next(8) switch { 0 => "?", 1 => "*", 2 => "+", 3 => "{0,2}", 4 => "{1,2}", _ => "" });
        }

        return text.ToString();
    }
}
