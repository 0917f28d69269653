using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Results;
using Hinoban.Specs;

namespace Hinoban.Tests.Results;

/// <summary>Results, plans and hostile text for this room's tests.</summary>
internal static class Some
{
    internal static readonly SiteName Tokyo = new("tokyo");
    internal static readonly SiteHealth Health = new(7, 3, 1, 12345, 2, TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(90), 0);

    internal static CheckResult Result(int item, Moment now, CheckStatus status = CheckStatus.Ok, string output = "TCP OK - 0.001 s", string perfdata = "") => new(
        new ItemId(item),
        7,
        LookCause.Scheduled,
        0,
        1,
        now.Utc,
        now.Mono,
        TimeSpan.FromMilliseconds(1.5),
        new LookAnswer(status, Reply.Answer, NoValue.None, output, "", perfdata));

    internal static ResultBatch Batch(long sequence, Moment now, params CheckResult[] results) =>
        new(Tokyo, 1000, sequence, Lane.Live, now.Utc, now.Mono, results, [], Health);

    internal static SitePlan Plan(int revision, int items) => new(revision, Tokyo, [.. Enumerable.Range(1, items).Select(Item)]);

    internal static string Hostile(Random random) => random.Next(12) switch
    {
        0 => "",
        1 => "\0\0middle\0",
        2 => "\uD800",
        3 => "half \uDC00\uD800 pair \uD83D\uDE00 end \uD83D",
        4 => "CR\r\nLF <script>alert(1)</script> $(rm -rf ~) `id` \u001b[31m",
        5 => new string('あ', random.Next(1, 40)),
        6 => new string((char)random.Next(0x10000), random.Next(1, 70_000)),
        7 => new string([.. Enumerable.Range(0, random.Next(200)).Select(_ => (char)random.Next(0x10000))]),
        8 => "\uFEFF\uFFFE\uFFFF\u2028",
        9 => "'; drop table spool_chunks; --",
        _ => $"HTTP OK: HTTP/1.1 200 OK - {random.Next(9999)} bytes in 0.{random.Next(999):000} second response time",
    };

    internal static CheckResult Wild(Random random)
    {
        string output = Hostile(random), longOutput = Hostile(random), perfdata = Hostile(random);
        var answer = new LookAnswer((CheckStatus)random.Next(4), (Reply)random.Next(2), (NoValue)random.Next(10), output, longOutput, perfdata);
        return new CheckResult(
            new ItemId(random.Next(4) == 0 ? Edge(random) : random.Next(1, 60_000)),
            random.Next(4) == 0 ? Edge(random) : random.Next(1, 50),
            (LookCause)random.Next(3),
            random.Next(3) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : 0,
            random.Next(1, 5),
            new DateTimeOffset(random.Next(5) == 0 ? random.NextInt64(DateTimeOffset.MaxValue.Ticks) : 639_000_000_000_000_000 + random.Next(), TimeSpan.Zero),
            new TimeSpan(random.NextInt64(TimeSpan.TicksPerDay * 50_000)),
            new TimeSpan(random.NextInt64(TimeSpan.TicksPerMinute)),
            answer);
    }

    private static int Edge(Random random) => random.Next(3) switch { 0 => int.MinValue, 1 => int.MaxValue, _ => 0 };

    private static SiteItem Item(int id)
    {
        LookPlan look = (id % 4) switch
        {
            0 => new PingLookPlan(5, TimeSpan.FromMilliseconds(500), 20, TimeSpan.FromSeconds(1), 60),
            1 => new HttpLookPlan(true, 443, "www.example.co.jp", "/", [200, 204], "ようこそ", true, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8), 30, 7, true),
            2 => new TcpLookPlan(25, null, TimeSpan.FromSeconds(5)),
            _ => new PluginLookPlan(["check_disk", "-w", "20%", "$HOSTADDRESS$"], true),
        };
        var item = new ItemPlan(
            new ItemId(id), new CustomerId("sample-trading"), $"web{id:00000}", id % 4 == 0 ? "" : "svc", "192.0.2.10", look, TimeSpan.FromMinutes(3),
            TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(15), [Tokyo, new SiteName("osaka")], null, 3, 7);
        return new SiteItem(item, 0, 2);
    }
}
