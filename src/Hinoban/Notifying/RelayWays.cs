namespace Hinoban.Notifying;

/// <summary>One relay: its lines, its standing, and its log.</summary>
internal sealed class RelayWay(RelayRank rank, IMailSubmitter submitter, RelayRecords records, MailOptions options, TimeProvider clock)
{
    internal RelayRank Rank => rank;

    internal string Host => options.Host;

    internal int Port => options.Port;

    internal RelayRecords Records => records;

    internal RelayGate Gate { get; } = new(clock);

    internal LinePool Pool { get; } = new(submitter);

    internal RelayStanding Standing => new(Gate.DownFor, Gate.AskDue);
}

/// <summary>The relays that there are, first to last.</summary>
internal sealed class RelayWays(RelayWay first, RelayWay? second, TimeSpan after) : IAsyncDisposable
{
    internal RelayWay First => first;

    internal RelayWay? Second => second;

    internal bool Blocked => DeliveryRules.Blocked(first.Standing, second?.Standing, after);

    internal RelayRank Choose(DeliveryRow row) => DeliveryRules.Choose(row, first.Standing, second?.Standing, after);

    /// <summary>The relay of this rank; null if there is none any more.</summary>
    internal RelayWay? Find(RelayRank rank) => rank == RelayRank.First ? first : second;

    internal RelayWay Of(RelayRank rank) => Find(rank) ?? first;

    /// <summary>The other relay, if it may take over from one that gives no line.</summary>
    internal RelayWay? Instead(RelayWay tried, RelaySet refusedBy) =>
        DeliveryRules.MayFallBack(tried.Rank, refusedBy, first.Standing, second?.Standing, after) ? Find(DeliveryRules.Other(tried.Rank)) : null;

    /// <summary>It is away while the other one works: what can go by it alone waits until an empty line has asked.</summary>
    internal bool Rests(RelayWay way) => way.Gate.Down && !Blocked;

    /// <summary>
    /// Relays that an empty line is to ask now whether they are back, each once; none while a mail asks for all. <paramref name="idle"/>: no mail is
    /// under way that could.
    /// </summary>
    internal IReadOnlyList<RelayWay> ToAsk(bool idle) => Blocked && !idle ? [] : [.. All.Where(w => w.Gate.TakeAsk())];

    /// <summary>When one that is away is to be asked next; null while none is.</summary>
    internal DateTimeOffset? NextAskUtc => All.Min(w => w.Gate.State.NextUtc);

    private IEnumerable<RelayWay> All => second is null ? [first] : [first, second];

    internal async Task CloseIdleAsync()
    {
        foreach (var way in All)
        {
            await way.Pool.CloseIdleAsync();
        }
    }

    public async ValueTask DisposeAsync() => await CloseIdleAsync();
}
