using Hinoban.Notifying.Inbound;

namespace Hinoban.Tests.Notifying.Inbound;

/// <summary>Whether what the desk sends itself comes back; told as <c>s1@0 a1@2 ?60</c>: sent, arrived, asked.</summary>
public sealed class ArrivalRulesTests
{
    [Theory]
    [InlineData("?0", "?")]
    [InlineData("s1@0 ?59", "?")] // since the start nothing is known
    [InlineData("s1@0 ?60", "+")]
    [InlineData("s1@0 a1 ?5", "-")]
    [InlineData("s1@0 a1 s2@180 ?239 ?240", "- +")]
    [InlineData("s1@0 a1 s2@180 ?240 a2 ?250", "+ -")] // late, but there
    [InlineData("s1@0 s2@180 a2 ?200", "-")] // one was lost on the way, the chain is well
    [InlineData("s1@0 s2@180 a1 ?200 ?240", "- +")]
    [InlineData("s3600@0 s181@180 a181 ?240", "-")] // the wall clock was set back after the one that was lost
    [InlineData("s3600@0 s181@180 a3600 ?239 ?240", "- +")]
    [InlineData("s1@0 s2@180 s3@360 a2 ?419 ?420", "- +")]
    [InlineData("a7 s8@0 a7 ?10 ?60", "- +")] // an old one proves nothing about the new one
    public void The_chain(string story, string says)
    {
        var state = ArrivalState.Nothing;
        List<string> said = [];
        foreach (var word in story.Split(' '))
        {
            var number = int.Parse(word[1..].Split('@')[0]);
            switch (word[0])
            {
                case 's':
                    state = ArrivalRules.Sent(state, number, TimeSpan.FromSeconds(int.Parse(word.Split('@')[1])));
                    break;
                case 'a':
                    state = ArrivalRules.Arrived(state, number);
                    break;
                default:
                    said.Add(ArrivalRules.Trouble(state, TimeSpan.FromSeconds(number), TimeSpan.FromSeconds(60)) switch { true => "+", false => "-", null => "?" });
                    break;
            }
        }

        Assert.Equal(says, string.Join(' ', said));
    }

    [Fact]
    public void While_nothing_comes_back_not_all_are_remembered()
    {
        var state = Enumerable.Range(1, 1000).Aggregate(ArrivalState.Nothing, (s, n) => ArrivalRules.Sent(s, n, TimeSpan.FromMinutes(n)));
        Assert.Equal([1, .. Enumerable.Range(982, 19)], state.Out.Select(s => (int)s.Number));
        Assert.False(ArrivalRules.Overdue(ArrivalRules.Arrived(state, 1000), TimeSpan.FromDays(1), TimeSpan.FromSeconds(60)));
    }
}
