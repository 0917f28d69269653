using System.Text.Json;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.States;
using Hinoban.Tests.Results;
using Microsoft.Extensions.Logging;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>What tests of the time without a desk begin with.</summary>
internal static class AwayBench
{
    internal const string Tanaka = "tanaka@sample.example.jp";
    internal const string Yamamoto = "yamamoto@sample.example.jp";
    internal const string DeskBox = "desk@hinoban.example.jp";
    internal static readonly ItemId Http = new(2);
    internal static readonly DateTimeOffset At = new(2026, 4, 14, 3, 0, 0, TimeSpan.Zero);
    internal static readonly MailOptions Mail = new("127.0.0.1", 25, SmtpTls.None, null, null, "hinoban.example.jp", DeskBox, Text.Same("Hinoban"), null, TimeSpan.FromDays(2), TimeSpan.FromSeconds(30));

    internal static EpisodeNote Note(int item) => new(new ItemId(item), 1, IncidentNumber.Away(new ItemId(item), 1), "tokyo", Mailed: false, Over: false, "");

    internal static Opened OpenedOf(int item) => new(
        At,
        IncidentRules.Engine,
        new ProblemFacts(IncidentNumber.Away(new ItemId(item), 1), TestPlans.Customer, new ItemId(item), 1, "web01", "http", "192.0.2.10", "tcp", "", null, 4, 1, At),
        Reach.Down,
        CheckStatus.Critical,
        false,
        []);

    internal static DeliverySettled Settled(string to, DeliveryOutcome outcome) =>
        new(At, IncidentRules.Engine, NoticeKind.Alert, "sample-trading.2.1.alert.1", to, to == DeskBox, outcome, "Q1", "250 ok", false, false);

    internal static string Json(IncidentEvent one) => JsonSerializer.Serialize(one, IncidentJson.Options);
}

/// <summary>A site's looks as they come in where it is judged.</summary>
internal sealed class AwayFeed(IResultDoor door, HandClock clock)
{
    private long sequence;

    internal CheckResult Look(ItemId item, LookAnswer answer)
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        var now = Moment.Of(clock);
        return new CheckResult(item, 1, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.FromMilliseconds(20), answer);
    }

    internal Task PostAsync(params CheckResult[] looks)
    {
        var now = Moment.Of(clock);
        return door.AcceptAsync(new ResultBatch(Tokyo, 1000, ++sequence, Lane.Live, now.Utc, now.Mono, looks, [], Some.Health), default);
    }

    internal async Task SeesAsync(ItemId item, LookAnswer answer, int looks)
    {
        for (var look = 0; look < looks; look++)
        {
            await PostAsync(Look(new ItemId(1), Ok), Look(item, answer));
        }
    }
}

/// <summary>A desk's end of a link, that takes what it is told to.</summary>
internal sealed class DeskEnd : IHandBackLink
{
    internal ItemId Poison { get; set; }

    internal bool Old { get; init; }

    internal bool Reads { get; init; } = true;

    internal int Asked { get; private set; }

    internal List<ItemId> Taken { get; } = [];

    public Task<HandBackReceipt> HandBackAsync(HandBack back, CancellationToken cancel)
    {
        Asked++;
        if (Old)
        {
            throw new SiteLinkException("404") { Fault = SiteLinkFault.NotKnown };
        }

        if (back.Episodes.Any(e => e.Item == Poison))
        {
            throw new SiteLinkException("413") { Fault = Asked % 2 == 0 ? SiteLinkFault.BadBatch : SiteLinkFault.Failed };
        }

        Taken.AddRange(Reads ? back.Episodes.Select(e => e.Item) : []);
        return Task.FromResult(new HandBackReceipt([.. back.Episodes.Select(e => new HandedUpTo(e.Item, e.Episode, Reads ? e.From + e.Events.Count : 0))]));
    }

    public Task<BatchReceipt> PostAsync(ResultBatch batch, CancellationToken cancel) => throw new NotSupportedException();

    public IAsyncEnumerable<SiteOrder> OrdersAsync(CancellationToken cancel) => throw new NotSupportedException();
}

/// <summary>A peer that remembers what it was told.</summary>
internal sealed class PeerEnd : IPeerLink
{
    internal List<PeerWord> Words { get; } = [];

    public IHandBackLink Relay => throw new NotSupportedException();

    public ISiteLink Jury => throw new NotSupportedException();

    public Task<PeerWord> HearAsync(PeerWord mine, CancellationToken cancel)
    {
        Words.Add(mine);
        return Task.FromResult(new PeerWord(Osaka, TimeSpan.Zero, false, true, []) { Page = Words.Count });
    }

    public void Dispose()
    {
    }
}

/// <summary>A door that counts looks, and gives the orders that it is told to.</summary>
internal sealed class OpenDoor : IResultDoor, IAsyncDisposable
{
    private readonly Channel<SiteOrder> orders = Channel.CreateUnbounded<SiteOrder>();

    internal List<TimeSpan> Looks { get; } = [];

    internal void Order(SiteOrder order) => orders.Writer.TryWrite(order);

    public Task<BatchReceipt> AcceptAsync(ResultBatch batch, CancellationToken cancel)
    {
        Looks.AddRange(batch.Results.Select(r => r.StartedMono));
        return Task.FromResult(new BatchReceipt(batch.Epoch, batch.Sequence));
    }

    public IAsyncEnumerable<SiteOrder> OrdersAsync(SiteName site, CancellationToken cancel) => orders.Reader.ReadAllAsync(cancel);

    public ValueTask DisposeAsync()
    {
        orders.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
