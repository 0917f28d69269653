using Hinoban.Incidents;

namespace Hinoban.Responding;

/// <summary>What the rules of response need to know of an incident, folded from its events: who has it, does it still fail, is it over.</summary>
/// <param name="Holder">The account that holds the claim; null if nobody does.</param>
/// <param name="HolderName">Its display name.</param>
/// <param name="Failing">False after the recovery.</param>
/// <param name="Over">Closed.</param>
/// <param name="Report">The last report sent; null if none was.</param>
internal sealed record ResponseState(string? Holder, string HolderName, bool Failing, bool Over, ReportSent? Report)
{
    /// <summary>An event (log hits): nothing of it recovers, so that whoever responds may close it while it "fails".</summary>
    internal bool IsEvent { get; private init; }

    internal static ResponseState Of(IEnumerable<IncidentEvent> events) =>
        events.Aggregate(new ResponseState(null, "", true, false, null), (state, e) => e switch
        {
            Opened o => state with { IsEvent = o.Problem.IsLog },
            Claimed c => state with { Holder = c.By, HolderName = c.DisplayName },
            Released => state with { Holder = null, HolderName = "" },
            Recovered => state with { Failing = false },
            ReportSent r => state with { Report = r },
            Closed => state with { Over = true },
            _ => state,
        });
}
