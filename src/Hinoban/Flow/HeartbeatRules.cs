using Hinoban.Basics;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>Whether the desk may tell the outside that it is well.</summary>
internal static class HeartbeatRules
{
    /// <summary>Null while all of it holds: the review runs, what it records is kept, results arrive from some site, the outbox moves. Else the first that does not.</summary>
    internal static Text? WhyNot(OwnFacts? facts) => facts switch
    {
        null => HeartbeatText.DoesNotLook,
        { Engine: var engine } when engine.ReviewAgo > OwnRules.ReviewLate => OwnText.ReviewLate,
        { Engine.Place: { State: not PlaceState.Whole } place } => OwnRules.PlaceTrouble(place),
        { Engine.TakesNothingFor: { } refused } when refused >= ProviderPlan.SilentFor => HeartbeatText.TakesNothing,
        { Sites: { Count: > 0 } sites } when !sites.Any(s => s.Heard && s.SilentFor < ProviderPlan.SilentFor) => HeartbeatText.NoResults,
        { Mail: { RelayAwayFor: { } away, SecondInUse: false } } when away >= ProviderPlan.RelayAwayFor => HeartbeatText.OutboxStands,
        _ => null,
    };
}

/// <summary>What the heartbeat says of itself.</summary>
internal static class HeartbeatText
{
    internal static readonly Text DoesNotLook = new("自己監視が動いていません", "the desk does not look at itself (yet)");
    internal static readonly Text NoResults = new("どの監視拠点からも結果が届いていません", "no results arrive from any site");
    internal static readonly Text TakesNothing = new("データベースに書き込めません", "the database takes no changes");
    internal static readonly Text OutboxStands = new("メールを送り出せません", "the outbox does not move");

    internal static Text Answered(int status) => new($"HTTP {status} が返りました", $"it answered HTTP {status}");

    internal static Text Unreachable(string why) => new($"届きません({why})", $"it cannot be reached ({why})");
}
