using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Specs;

namespace Hinoban.States;

/// <summary>
/// A silence that the desk knows: of an agreed edition, or set by a person at run time (<see cref="Id"/> above 0, by <see cref="SetBy"/>).
/// <see cref="Key"/> names it in records, so that what it held back can be counted.
/// </summary>
internal sealed record Silence(string Key, CustomerId Customer, TimeZoneInfo Zone, SilencePlan Plan, long Id = 0, string SetBy = "")
{
    internal static Silence Of(CustomerPlan customer, TimeZoneInfo zone, SilencePlan plan) =>
        new($"{SilenceWords.Of(plan.Kind)} {plan.What} {SilenceWords.Of(plan.When)}", customer.Id, zone, plan);

    internal static string KeyOf(long id) => FormattableString.Invariant($"#{id}");
}

/// <summary>A silence that holds now, and until when.</summary>
internal sealed record SilenceHold(Silence Silence, DateTimeOffset UntilUtc);

/// <summary>
/// Whether an alert may speak. Asked anew whenever it matters, never remembered: a window that ends, is cut short or steps away with the wall
/// clock cannot be missed, and a restart has nothing to lose.
/// </summary>
internal static class SilenceRules
{
    /// <summary>
    /// What holds alerts of the item back: a stop, a mute, or a known pattern that all failing outputs show. Of several, the one that lasts
    /// longest.
    /// </summary>
    internal static SilenceHold? Holds(IEnumerable<Silence> silences, ItemPlan item, IReadOnlyList<SiteEvidence> evidence, DateTimeOffset utc) => Longest(
        silences.Where(s => s.Plan.Kind is SilenceKind.Stop or SilenceKind.Mute || (s.Plan.Kind == SilenceKind.Known && Shows(evidence, s.Plan.Match))), item, utc);

    /// <summary>The known pattern that a record of the item's log shows; null if it shows none.</summary>
    internal static string? KnownBy(IEnumerable<Silence> silences, ItemPlan item, string record, DateTimeOffset utc) => silences.FirstOrDefault(s =>
        s.Plan.Kind == SilenceKind.Known && s.Plan.Covers(item) && record.Contains(s.Plan.Match, StringComparison.Ordinal) && SilenceClock.At(s.Plan.When, s.Zone, utc) is not null)?.Plan.Match;

    /// <summary>What holds back mails about the item's log: a stop, a mute, or, where all that is to be told is known, its patterns as long as each of them stands.</summary>
    internal static SilenceHold? HoldsLog(IEnumerable<Silence> silences, ItemPlan item, IReadOnlySet<string> known, DateTimeOffset utc)
    {
        var all = silences as IReadOnlyCollection<Silence> ?? [.. silences];
        var standing = known.Select(match => Longest(all.Where(s => s.Plan.Kind == SilenceKind.Known && s.Plan.Match == match), item, utc)).ToList();
        return Longest(all.Where(s => s.Plan.Kind is SilenceKind.Stop or SilenceKind.Mute), item, utc) ?? (standing.Contains(null) ? null : standing.MinBy(h => h!.UntilUtc));
    }

    /// <summary>What keeps the item from being looked at.</summary>
    internal static SilenceHold? Stops(IEnumerable<Silence> silences, ItemPlan item, DateTimeOffset utc) =>
        Longest(silences.Where(s => s.Plan.Kind == SilenceKind.Stop), item, utc);

    /// <summary>What makes the response to a problem of the item wait for self-recovery: the longest of the waits that hold.</summary>
    internal static Silence? Waits(IEnumerable<Silence> silences, ItemPlan item, DateTimeOffset utc) =>
        silences.Where(s => s.Plan.Kind == SilenceKind.Wait && s.Plan.Covers(item) && SilenceClock.At(s.Plan.When, s.Zone, utc) is not null).MaxBy(s => s.Plan.For);

    /// <summary>Of whatever kind: what a page marks the item with.</summary>
    internal static SilenceHold? Marks(IEnumerable<Silence> silences, ItemPlan item, IReadOnlyList<SiteEvidence> evidence, DateTimeOffset utc)
    {
        var all = silences as IReadOnlyCollection<Silence> ?? [.. silences];
        return all.Count == 0 ? null : Stops(all, item, utc) ?? Holds(all, item, evidence, utc) ?? Longest(all.Where(s => s.Plan.Kind == SilenceKind.Wait), item, utc);
    }

    private static SilenceHold? Longest(IEnumerable<Silence> silences, ItemPlan item, DateTimeOffset utc) => silences
        .Where(s => s.Plan.Covers(item))
        .Select(s => SilenceClock.At(s.Plan.When, s.Zone, utc) is { } window ? new SilenceHold(s, window.EndUtc) : null)
        .OfType<SilenceHold>().MaxBy(h => h.UntilUtc);

    private static bool Shows(IReadOnlyList<SiteEvidence> evidence, string match)
    {
        var failing = evidence.Where(e => e.Vote is VoteKind.Answer or VoteKind.Transport && e.Status != CheckStatus.Ok).ToList();
        return failing.Count > 0 && failing.TrueForAll(e => e.Output.Contains(match, StringComparison.Ordinal));
    }
}

/// <summary>What a person asks for at run time: a mute of a scope for a while.</summary>
internal sealed record SilenceRequest(CustomerId Customer, string Host, string Service, DateTimeOffset FromUtc, DateTimeOffset ToUtc, string Reason)
{
    /// <summary>What is wrong with it; null if nothing is.</summary>
    internal Text? Problem(CustomerPlan? customer, DateTimeOffset nowUtc) => this switch
    {
        _ when customer is null or { IsProvider: true } => SilenceWhy.NoSuchScope,
        _ when Host.Length > 0 && customer.Host(Host) is null => SilenceWhy.NoSuchScope,
        _ when Service.Length > 0 && customer.Host(Host)?.Services.Any(s => s.Service == Service) != true => SilenceWhy.NoSuchScope,
        _ => Wrong(nowUtc),
    };

    /// <summary>The same, whatever is watched.</summary>
    internal Text? Wrong(DateTimeOffset nowUtc) => this switch
    {
        _ when string.IsNullOrWhiteSpace(Reason) => SilenceWhy.ReasonNeeded,
        _ when Reason.Length > SilencePlan.LongestReason || SpecWords.Unprintable(Reason) is not null => SilenceWhy.ReasonWrong,
        _ when ToUtc <= FromUtc => SilenceText.EndsBeforeStart,
        _ when ToUtc <= nowUtc => SilenceWhy.Over,
        _ when ToUtc - FromUtc > SilencePlan.Longest => SilenceText.TooLong,
        _ when FromUtc - nowUtc > TimeSpan.FromDays(366) => SilenceWhy.TooFar,
        _ => null,
    };
}

/// <summary>Why a silence is not set or ended.</summary>
internal static class SilenceWhy
{
    internal static readonly Text NoSuchScope = new("その監視対象はありません", "There is no such customer, host or service");
    internal static readonly Text ReasonNeeded = new("理由を書いてください", "Give a reason");
    internal static readonly Text ReasonWrong = new("理由は改行を含まない200文字以内にしてください", "Give the reason in one line of at most 200 characters");
    internal static readonly Text Over = new("終了日時が過ぎています", "Its end has passed");
    internal static readonly Text TooFar = new("開始は1年以内にしてください", "It must begin within a year");
    internal static readonly Text NoSuchSilence = new("その静観・抑止はありません", "There is no such silence");
    internal static readonly Text OfTheEdition = new("監視仕様書で定めた静観・抑止は、仕様書を改めて終了してください", "It is part of the agreed edition; change the edition to end it");
    internal static readonly Text EndedAlready = new("すでに終了しています", "It has ended already");
}
