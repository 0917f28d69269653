using Hinoban.Basics;
using Hinoban.Console.Incidents;
using Hinoban.Incidents;

namespace Hinoban.Tests.Notifying;

/// <summary>What is said of a time without the desk is what happened.</summary>
public sealed class WordingTests
{
    [Theory]
    [InlineData("tokyo", "k.1", "osaka", "k.2", false)] // one followed the other
    [InlineData("tokyo", "k.1", "osaka", "k.1", true)]
    [InlineData("tokyo", "k.1", "tokyo", "k.1", false)]
    public void Only_a_mail_that_two_sites_told_may_have_come_twice(string a, string keyA, string b, string keyB, bool twice)
    {
        SpokenAway[] spoken = [.. new[] { a, b }.Select(site => new SpokenAway(Sample.Detected, $"site {site}", new SiteName(site), Alone: false, []))];
        IncidentEvent[] events = [.. spoken, Told(a, keyA), Told(b, keyB)];
        Assert.Equal(twice, ConsoleTextTelling.SpokenLong(spoken, events).En.Contains("same mail", StringComparison.Ordinal));
        Assert.Equal(twice, ConsoleTextTelling.SpokenLong(spoken, events).Ja.Contains("重ねて", StringComparison.Ordinal));
    }

    private static NoticeDecided Told(string site, string key) => new(Sample.Detected, $"site {site}", NoticeKind.Alert, NoticeReason.NewProblem, Told: true, key, "");
}
