using System.Globalization;
using System.Text;

namespace Hinoban.Agent.Tests.Logs;

/// <summary>Random days of a log: whatever is done to it and to the agent, each matching line is told once.</summary>
public sealed class RandomLogTests
{
    private const string Command = """{"kind":"log","files":["LOGS/app.log"],"match":[{"name":"bad","regex":"BAD \\d+","level":"critical"}]}""";

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_matching_line_is_told_once(int seed)
    {
        var random = new Random(seed);
        using var log = new FollowedLog(seed % 3 == 0 ? Command.Replace("\"match\"", "\"context\":{\"before\":2,\"after\":2},\"match\"", StringComparison.Ordinal) : Command);
        log.Append("BAD 0 from before\n");
        log.Pass();
        var story = new StringBuilder();
        var expected = new List<string>();
        var copies = seed % 2 == 0; // a log is rotated in one way
        for (var step = 0; step < 120; step++)
        {
            Step(log, random, copies, expected, story);
        }

        log.Pass();
        log.Settle();
        var told = log.Hits().Select(h => h.GetProperty("text").GetString()!).ToList();
        Assert.True(expected.Order(StringComparer.Ordinal).SequenceEqual(told.Order(StringComparer.Ordinal)), $"seed {seed}: missing {string.Join(" | ", expected.Except(told).Take(5))}, too many {string.Join(" | ", told.GroupBy(t => t).Where(g => g.Count() > expected.Count(e => e == g.Key)).Select(g => g.Key).Take(5))}\n{story}");
        Assert.Equal(told.Count, log.Hits().Select(h => h.GetProperty("id").GetString()).Distinct().Count());
    }

    private static void Step(FollowedLog log, Random random, bool copies, List<string> expected, StringBuilder story)
    {
        switch (random.Next(12))
        {
            case < 5:
                var text = new StringBuilder();
                for (var n = random.Next(1, 40); n > 0; n--)
                {
                    var line = random.Next(4) == 0 ? $"BAD {expected.Count + 1} {random.Next():x8}z" : $"good {random.Next()} {new string('x', random.Next(60))}";
                    if (line[0] == 'B')
                    {
                        expected.Add(line);
                    }

                    text.Append(line).Append('\n');
                }

                story.Append(CultureInfo.InvariantCulture, $"write {text.Length} (to {expected.Count})\n");
                log.Append(text.ToString());
                break;
            case < 8:
                story.AppendLine("pass");
                log.After(TimeSpan.FromSeconds(random.Next(3)));
                break;
            case < 10:
                var compress = random.Next(2) == 0;
                story.Append(CultureInfo.InvariantCulture, $"rotate {(copies ? "by copy" : "by name")} {compress}\n");
                log.Rotate(copies, compress, keep: 40);
                break;
            case 10:
                story.AppendLine("kill");
                log.Kill();
                break;
            default:
                story.AppendLine("restart");
                log.Restart();
                break;
        }
    }
}
