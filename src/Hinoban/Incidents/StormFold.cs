using System.Collections.Immutable;
using Hinoban.Basics;

namespace Hinoban.Incidents;

/// <summary>A host that joined an incident, by its last joining. <see cref="Left"/>: how it left; null while it takes part.</summary>
internal sealed record StormMember(StormJoined Joined, StormLeft? Left)
{
    internal bool Fails => Left is null;
}

/// <summary>What an incident's events say of the hosts that joined it. Its own host is none of them.</summary>
internal sealed record StormFold
{
    internal static StormFold Nothing { get; } = new();

    /// <summary>In the order of their first joining.</summary>
    internal ImmutableList<ItemId> Order { get; private init; } = [];

    internal ImmutableDictionary<ItemId, StormMember> Members { get; private init; } = ImmutableDictionary<ItemId, StormMember>.Empty;

    /// <summary>How many members fail now, the incident's own host not counted.</summary>
    internal int Failing { get; private init; }

    /// <summary>The incident's own host works, and others keep the incident open; null while it fails.</summary>
    internal LeadBack? OwnBack { get; private init; }

    /// <summary>A person has taken this incident's host out of another's storm: it is not grouped.</summary>
    internal bool IsSeparated { get; private init; }

    /// <summary>How many of <see cref="Order"/> a mail has listed.</summary>
    internal int Told { get; private init; }

    internal DateTimeOffset? ToldUtc { get; private init; }

    internal bool Any => Order.Count > 0;

    internal IEnumerable<StormMember> All => Order.Select(i => Members[i]);

    /// <summary>When the first host joined that no mail has listed yet; null: all are listed.</summary>
    internal DateTimeOffset? FirstUntoldUtc => Told < Order.Count ? Members[Order[Told]].Joined.AtUtc : null;

    internal StormFold With(IncidentEvent next) => next switch
    {
        StormJoined e => Join(e),
        StormLeft e when Members.TryGetValue(e.Item, out var member) && member.Fails => this with
        {
            Members = Members.SetItem(e.Item, member with { Left = e }),
            Failing = Failing - 1,
        },
        LeadBack e => this with { OwnBack = e },
        LeadDown => this with { OwnBack = null },
        Separated => this with { IsSeparated = true },
        NoticeDecided { Kind: NoticeKind.Update, Reason: not NoticeReason.RunbookSays } e => this with { Told = Order.Count, ToldUtc = e.AtUtc },
        _ => this,
    };

    private StormFold Join(StormJoined e)
    {
        var known = Members.GetValueOrDefault(e.Item);
        return known is { Fails: true } ? this : this with
        {
            Order = known is null ? Order.Add(e.Item) : Order,
            Members = Members.SetItem(e.Item, new StormMember(e, null)),
            Failing = Failing + 1,
        };
    }
}
