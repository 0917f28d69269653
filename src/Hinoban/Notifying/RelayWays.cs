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

    internal RelayWay For(DeliveryRow row) => Of(DeliveryRules.Choose(row, first.Standing, second?.Standing, after));

    /// <summary>The other relay, if it may take over from one that gives no line.</summary>
    internal RelayWay? Instead(RelayWay tried) =>
        DeliveryRules.MayFallBack(tried.Rank, first.Standing, second?.Standing, after) ? Of(tried.Rank == RelayRank.First ? RelayRank.Second : RelayRank.First) : null;

    internal async Task CloseIdleAsync()
    {
        await first.Pool.CloseIdleAsync();
        if (second is not null)
        {
            await second.Pool.CloseIdleAsync();
        }
    }

    public async ValueTask DisposeAsync() => await CloseIdleAsync();

    private RelayWay Of(RelayRank rank) => rank == RelayRank.Second ? second! : first;
}
