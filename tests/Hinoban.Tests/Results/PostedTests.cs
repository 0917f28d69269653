using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Tests.Flow;

namespace Hinoban.Tests.Results;

/// <summary>What may be posted, what is wrong with the rest, and that each result counts once in the order of its time.</summary>
public sealed class PostedTests
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_result_is_read_as_a_plugin_prints_it()
    {
        var (results, problems) = Read("""[{"item":"web01/backup","time":"2026-04-14T12:00:00.1234567+09:00","state":1,"output":"BACKUP WARNING | took=5s\nlong\ntext"}]""");
        Assert.Empty(problems);
        var one = Assert.Single(results);
        Assert.Equal((CheckStatus.Warning, "BACKUP WARNING", "long\ntext", "took=5s"), (one.Status, one.Output, one.LongOutput, one.Perfdata));
        Assert.Equal(Noon.AddTicks(1234560), one.TimeUtc);
        Assert.Equal((Reply.Answer, NoValue.None), (one.Answer.Reply, one.Answer.NoValue));
    }

    [Theory]
    [InlineData("7", "1 : write an object with item, time and state")]
    [InlineData("""{"time":"2026-04-14T12:00:00Z","state":0}""", "1 item: name the item, for instance `web01/backup`")]
    [InlineData("""{"item":"web01/bakup","time":"2026-04-14T12:00:00Z","state":0}""", "1 item: the specification has no item `web01/bakup`; did you mean `web01/backup`?")]
    [InlineData("""{"item":"web01/http","time":"2026-04-14T12:00:00Z","state":0}""", "1 item: item `web01/http` is of kind `tcp`: the sites look at it, and only `passive` items take results")]
    [InlineData("""{"item":"web01/backup","state":0}""", "1 time: give the instant of the result with its offset, for instance `2026-04-14T09:00:00+09:00`")]
    [InlineData("""{"item":"web01/backup","time":"2026-04-14T12:00:00","state":0}""", "1 time: give the instant of the result with its offset, for instance `2026-04-14T09:00:00+09:00`")]
    [InlineData("""{"item":"web01/backup","time":"2026-02-30T12:00:00Z","state":0}""", "1 time: give the instant of the result with its offset, for instance `2026-04-14T09:00:00+09:00`")]
    [InlineData("""{"item":"web01/backup","time":"2027-04-14T12:00:00Z","state":0}""", "1 time: it is more than a day ahead of the desk's time (2026-04-14T03:00:00Z); check the poster's clock")]
    [InlineData("""{"item":"web01/backup","time":"0001-01-01T00:00:00Z","state":0}""", "1 time: it is more than 35 days behind the desk's time (2026-04-14T03:00:00Z); check the poster's clock, and leave out what is so old")]
    [InlineData("""{"item":"web01/backup","time":"2026-03-10T02:59:59.9999999Z","state":0}""", "1 time: it is more than 35 days behind the desk's time (2026-04-14T03:00:00Z); check the poster's clock, and leave out what is so old")]
    [InlineData("""{"item":"web01/backup","time":"2026-04-14T12:00:00Z"}""", "1 state: write 0 (OK), 1 (WARNING), 2 (CRITICAL) or 3 (UNKNOWN)")]
    [InlineData("""{"item":"web01/backup","time":"2026-04-14T12:00:00Z","state":"0"}""", "1 state: write 0 (OK), 1 (WARNING), 2 (CRITICAL) or 3 (UNKNOWN)")]
    [InlineData("""{"item":"web01/backup","time":"2026-04-14T12:00:00Z","state":4}""", "1 state: write 0 (OK), 1 (WARNING), 2 (CRITICAL) or 3 (UNKNOWN)")]
    [InlineData("""{"item":"web01/backup","time":"2026-04-14T12:00:00Z","state":0,"output":7}""", "1 output: write a text of at most 8000 characters")]
    [InlineData("""{"item":"web01/backup","time":"2026-04-14T12:00:00Z","state":0,"output":"\ud800"}""", "1 output: write a text of at most 8000 characters")]
    [InlineData("""{"item":"web01/backup","time":"2026-04-14T12:00:00Z","state":0,"stat":0}""", "1 `stat`: there is no such field; did you mean `state`?")]
    public void Each_mistake_is_named(string written, string said) => Assert.Equal([said], Told(Read($"[{written}]").Problems));

    [Fact]
    public void What_waited_in_a_queue_for_as_long_as_anything_can_is_taken() =>
        Assert.Equal(Noon.AddDays(-35), Assert.Single(Read("""[{"item":"web01/backup","time":"2026-03-10T03:00:00Z","state":0}]""").Results).TimeUtc);

    [Fact]
    public void A_name_that_is_no_text_is_a_mistake_like_others()
    {
        const string Written = """[{"item":"web01/backup","time":"2026-04-14T12:00:00Z","state":0,"\udfff":7}]""";
        Assert.StartsWith("1 `\\ufffd`: there is no such field", Assert.Single(Told(Read(Written).Problems)), StringComparison.Ordinal);
        Assert.Equal("web01/backup", PostedReader.TitleOf(JsonSerializer.Deserialize<List<JsonElement>>(Written)![0]));
    }

    [Fact]
    public void All_mistakes_of_all_results_are_named_at_once() => Assert.Equal(
        ["1 item", "1 time", "1 state", "3 state", "3 id"],
        Read($$"""[{},{"item":"web01/backup","time":"2026-04-14T12:00:00Z","state":0},{"item":"web01/backup","time":"2026-04-14T12:00:00Z","id":"{{new string('x', 101)}}"}]""")
            .Problems.Select(p => $"{p.Result} {p.Field}"));

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void A_batch_has_a_result_and_not_too_many(int count) =>
        Assert.Equal(["0 results: send from 1 to 1000 results"], Told(Read($"[{string.Join(',', Enumerable.Repeat("{}", count))}]").Problems));

    [Fact]
    public void Each_result_counts_once_in_the_order_of_its_time()
    {
        LastPosted? last = null;
        PostedFate Take(int second, string output, string id = "")
        {
            (var fate, last) = PostedRules.Take(last, new PostedResult(new ItemId(1), "a/b", Noon.AddSeconds(second), CheckStatus.Ok, output, "", "", id), Noon);
            return fate;
        }

        Assert.Equal(PostedFate.Taken, Take(10, "x"));
        Assert.Equal(PostedFate.Repeated, Take(10, "x"));
        Assert.Equal(PostedFate.Taken, Take(10, "y"));
        Assert.Equal(PostedFate.Repeated, Take(10, "x"));
        Assert.Equal(PostedFate.Taken, Take(10, "x", id: "7"));
        Assert.Equal(PostedFate.Repeated, Take(10, "z", id: "7"));
        Assert.Equal(PostedFate.Older, Take(9, "w"));
        Assert.Equal(PostedFate.Taken, Take(11, "x"));
        Assert.Equal(PostedFate.Older, Take(10, "y"));
        Assert.Equal([last!.Marks[0]], last.Marks);
    }

    [Fact]
    public void A_clock_that_was_ahead_once_shuts_out_nothing_when_it_is_right_again()
    {
        LastPosted? last = null;
        PostedFate Take(double dated, double arrived, string output)
        {
            var result = new PostedResult(new ItemId(1), "a/b", Noon.AddMinutes(dated), CheckStatus.Ok, output, "", "", "");
            (var fate, last) = PostedRules.Take(last, result, Noon.AddMinutes(arrived));
            return fate;
        }

        // Nine hours ahead it still orders its own, and knows them again.
        Assert.Equal(PostedFate.Taken, Take(540, 0, "a"));
        Assert.Equal(PostedFate.Taken, Take(550, 10, "b"));
        Assert.Equal(PostedFate.Older, Take(540, 10, "a"));
        Assert.Equal(PostedFate.Repeated, Take(550, 11, "b"));

        Assert.Equal(PostedFate.Taken, Take(20, 20, "c"));
        Assert.Equal(PostedFate.Repeated, Take(20, 20, "c"));
        Assert.Equal(PostedFate.Older, Take(19, 20, "d"));

        // Five minutes are no clock that was set: the order holds.
        Assert.Equal(PostedFate.Taken, Take(35, 30, "e"));
        Assert.Equal(PostedFate.Older, Take(34, 30, "f"));
        Assert.Equal(PostedFate.Taken, Take(36.1, 31, "g"));
        Assert.Equal(PostedFate.Taken, Take(34, 31, "h"));

        // To the instant: one that is just not ahead is right again.
        Assert.Equal(PostedFate.Taken, Take(37, 31, "i"));
        Assert.Equal(PostedFate.Taken, Take(36, 31, "j"));
    }

    [Theory]
    [InlineData("7", "444ea32551988dfe")]
    [InlineData("", "3e6f91ba0bf99b53")]
    public void What_is_kept_of_a_results_identity_never_changes(string id, string mark) =>
        Assert.Equal(mark, new PostedResult(new ItemId(1), "a/b", Noon, CheckStatus.Ok, "x", "", "", id).Mark);

    private static IEnumerable<string> Told(IEnumerable<PostedProblem> problems) => problems.Select(p => $"{p.Result} {p.Field}: {p.Said.En}");

    private static (IReadOnlyList<PostedResult> Results, IReadOnlyList<PostedProblem> Problems) Read(string json)
    {
        var plan = TestPlans.CustomerPlan(1, ["http", "backup"]);
        var host = plan.Hosts[0];
        var passive = host.Services[1] with { Look = new PassiveLookPlan(TimeSpan.FromMinutes(10)), Sites = [ProviderPlan.Desk] };
        return PostedReader.Read(plan with { Hosts = [host with { Services = [host.Services[0], passive] }] }, JsonSerializer.Deserialize<List<JsonElement>>(json)!, Noon);
    }
}
