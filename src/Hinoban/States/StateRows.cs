using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Storage;

namespace Hinoban.States;

/// <summary>A view that may have to be written: as it was (null: not stored yet) and as it is.</summary>
internal readonly record struct ViewToSave(ItemId Item, CustomerId Customer, SiteView? Before, SiteView After);

/// <summary>A verdict that may have to be written, and since when it stands.</summary>
internal readonly record struct VerdictToSave(ItemId Item, CustomerId Customer, Verdict? Before, Verdict After, DateTimeOffset SinceUtc);

/// <summary>A verdict as it was stored: evidence and monotonic times are not kept.</summary>
internal sealed record StoredVerdict(Verdict Verdict, DateTimeOffset SinceUtc);

/// <summary>What of a state is worth a row, and how it looks in one.</summary>
internal static class StateRows
{
    /// <summary>
    /// Of a working item only a change of state counts: its output changes with every response time. Of a failing one every look
    /// counts, for its text and its count.
    /// </summary>
    internal static bool IsWorthWriting(ViewToSave view) =>
        view.After.Known
        && (view.Before is not { Known: true } before
            || (view.After.Status != CheckStatus.Ok ? before.LookUtc != view.After.LookUtc : StateOf(before) != StateOf(view.After)));

    internal static bool IsWorthWriting(VerdictToSave verdict) =>
        verdict.Before is not { } before || !before.SaysSameAs(verdict.After) || before.Standing != verdict.After.Standing;

    /// <summary>In the order of the statement's columns.</summary>
    internal static object[] Of(ViewToSave row) =>
    [
        row.Item.Value,
        row.After.Site.Value,
        row.Customer.Value,
        (int)row.After.Status,
        row.After.Type.ToString(),
        row.After.Attempt,
        row.After.FailingLooks,
        row.After.HostWasDown ? 1 : 0,
        (int)row.After.LastHard,
        row.After.Reply.ToString(),
        row.After.NoValue.ToString(),
        Micros(row.After.LookUtc),
        Micros(row.After.FailingSinceUtc),
        Micros(row.After.ChangedUtc),
        row.After.Took.Ticks / TimeSpan.TicksPerMicrosecond,
        SqlTypes.Storable(row.After.Output),
        SqlTypes.Storable(row.After.LongOutput),
        SqlTypes.Storable(row.After.Perfdata),
    ];

    /// <summary>In the order of the statement's columns.</summary>
    internal static object[] Of(VerdictToSave row) =>
    [
        row.Item.Value,
        row.Customer.Value,
        row.After.Judgement.ToString(),
        row.After.Standing.ToString(),
        row.After.Reach.ToString(),
        (int)row.After.Severity,
        row.After.SingleSite ? 1 : 0,
        SqlTypes.ToMicros(row.SinceUtc),
    ];

    private static object Micros(DateTimeOffset? instant) => instant is { } known ? SqlTypes.ToMicros(known) : DBNull.Value;

    private static (CheckStatus, StateType, int, CheckStatus, Reply, NoValue) StateOf(SiteView view) =>
        (view.Status, view.Type, view.Attempt, view.LastHard, view.Reply, view.NoValue);

    /// <summary>A row of <c>site_views</c>.</summary>
    internal sealed record ViewRow
    {
        internal long Item { get; init; }

        internal string Site { get; init; } = "";

        internal long Status { get; init; }

        internal string StateType { get; init; } = "";

        internal long Attempt { get; init; }

        internal long FailingLooks { get; init; }

        internal long HostWasDown { get; init; }

        internal long LastHard { get; init; }

        internal string Reply { get; init; } = "";

        internal string NoValue { get; init; } = "";

        internal long? LookUtc { get; init; }

        internal long? FailingSinceUtc { get; init; }

        internal long? ChangedUtc { get; init; }

        internal long TookUs { get; init; }

        internal string Output { get; init; } = "";

        internal string LongOutput { get; init; } = "";

        internal string Perfdata { get; init; } = "";

        internal SiteView ToView() => new(new SiteName(Site))
        {
            Known = true,
            Status = (CheckStatus)Status,
            Type = Enum.Parse<StateType>(StateType),
            Attempt = (int)Attempt,
            FailingLooks = (int)FailingLooks,
            HostWasDown = HostWasDown != 0,
            LastHard = (CheckStatus)LastHard,
            Reply = Enum.Parse<Reply>(Reply),
            NoValue = Enum.Parse<NoValue>(NoValue),
            LookUtc = Instant(LookUtc),
            FailingSinceUtc = Instant(FailingSinceUtc),
            ChangedUtc = Instant(ChangedUtc),
            Took = TimeSpan.FromMicroseconds(TookUs),
            Output = Output,
            LongOutput = LongOutput,
            Perfdata = Perfdata,
        };

        private static DateTimeOffset? Instant(long? micros) => micros is { } m ? SqlTypes.FromMicros(m) : null;
    }

    /// <summary>A row of <c>verdicts</c>.</summary>
    internal sealed record VerdictRow
    {
        internal long Item { get; init; }

        internal string Judgement { get; init; } = "";

        internal string Standing { get; init; } = "";

        internal string Reach { get; init; } = "";

        internal long Severity { get; init; }

        internal long SingleSite { get; init; }

        internal long SinceUtc { get; init; }

        internal StoredVerdict ToVerdict() => new(
            new Verdict(Enum.Parse<Judgement>(Judgement), Enum.Parse<Reach>(Reach), (CheckStatus)Severity, SingleSite != 0, [], null)
            {
                Standing = Enum.Parse<Judgement>(Standing),
            },
            SqlTypes.FromMicros(SinceUtc));
    }
}
