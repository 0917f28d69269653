using FsCheck;
using FsCheck.Fluent;
using Hinoban.Checks.DropIn;

namespace Hinoban.Tests.Checks;

/// <summary>What is expected, in pieces of any size.</summary>
public sealed class ExpectSearchTests
{
    [Theory]
    [InlineData("220", false, false, "220 ready", true)]
    [InlineData("220", false, false, "22", null)]
    [InlineData("220", false, false, "2x", false)]
    [InlineData("220", false, false, "x220", false)]
    [InlineData("220", true, false, "x220", true)]
    [InlineData("220", true, false, "x22", null)]
    [InlineData("220,250", true, true, "220 and", null)]
    [InlineData("220,250", true, true, "220 and 250", true)]
    [InlineData("220,250", true, false, "and 250", true)]
    [InlineData("220,22", false, true, "220", true)]
    [InlineData("", true, false, "x", true)]
    public void Whole_or_byte_by_byte_it_is_the_same(string expect, bool contained, bool all, string said, bool? found)
    {
        Assert.Equal(found, new ExpectSearch(expect.Split(','), contained, all).Hear(said));
        var search = new ExpectSearch(expect.Split(','), contained, all);
        bool? last = null;
        foreach (var c in said.TakeWhile(_ => last is null))
        {
            last = search.Hear($"{c}");
        }

        Assert.Equal(found, last);
    }

    [Fact]
    public void Cut_anywhere_it_finds_what_is_in_the_whole() => Prop.ForAll<byte[], byte>((bytes, by) =>
    {
        var said = string.Concat(bytes.Select(b => (char)('a' + (b % 2))));
        var (search, found) = (new ExpectSearch(["abba"], contained: true, all: false), false);
        for (var (from, step) = (0, 1 + (by % 5)); from < said.Length; from += step)
        {
            found |= search.Hear(said.Substring(from, Math.Min(step, said.Length - from))) == true;
        }

        return found == said.Contains("abba", StringComparison.Ordinal);
    }).QuickCheckThrowOnFailure();
}
