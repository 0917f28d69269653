using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.States;

namespace Hinoban.Notifying;

/// <summary>How a host that joined a storm stands when a mail lists it.</summary>
internal enum StormStand : byte
{
    /// <summary>It fails.</summary>
    Down,

    /// <summary>It works again.</summary>
    Up,

    /// <summary>It has, or is about to have, an incident of its own.</summary>
    Own,

    /// <summary>It left the agreed edition.</summary>
    Removed,
}

/// <summary>A host of a storm, as the lead's mails list it. <see cref="Number"/>: its own incident, if it has one already.</summary>
internal sealed record StormLine(string Host, string Address, StormStand Stand, string? Number);

/// <summary>A storm as a mail tells it: the cause that was taken for it, the hosts, and whether the incident's own host works meanwhile.</summary>
internal sealed record StormFacts(StormCause Cause, Text Name, IReadOnlyList<StormLine> Hosts, bool OwnBack);

/// <summary>The hosts that were taken as one problem with the incident's own, as its mails list them: their own mails are not sent.</summary>
internal static class NoticeStorm
{
    // As many as a phone can still scroll through; who joins must be listed, so it is far more than of other lists.
    private const int MostHosts = 1000;

    internal static IEnumerable<string> Lines(NoticeFacts facts, Language language)
    {
        if (facts.Storm is not { } storm)
        {
            yield break;
        }

        yield return "";
        yield return (facts.RecoveredUtc is null ? StormText.Together(storm.Hosts.Count) : StormText.WereTogether(storm.Hosts.Count)).In(language);
        yield return NoticeBody.Field(StormText.CauseLabel, Cause(storm).In(language), language);
        foreach (var line in NoticeList.Lines(
            storm.Hosts, MostHosts, h => $"{Visible.Line(h.Host)} ({Visible.Line(h.Address)}): {Stand(h, language)}", NoticeText.MoreHosts, language))
        {
            yield return line;
        }
    }

    internal static Text Cause(StormFacts storm) => storm.Cause.Kind switch
    {
        CauseKind.Vendor => StormText.Vendor(storm.Name, storm.Cause.Name),
        CauseKind.Network => StormText.Network(storm.Cause.Name),
    };

    private static string Stand(StormLine host, Language language) => host switch
    {
        { Stand: StormStand.Up } => "UP",
        { Stand: StormStand.Down } => "DOWN",
        { Stand: StormStand.Removed } => NoticeText.Removed.In(language),
        { Number: { } number } => $"{StormText.OwnMail.In(language)} [{number}]",
        _ => StormText.BeingChecked.In(language),
    };
}

/// <summary>More hosts fail with the incident's own: told in its thread, with all hosts so far.</summary>
internal static class StormMail
{
    internal static OutboxMail Build(NoticeFacts facts, MailThread thread, MailOptions options, DateTimeOffset nowUtc) =>
        NoticeMails.Envelope(facts, thread, options, nowUtc, NoticeKind.Update) with
        {
            Subject = ReportMail.Subject(facts, StormText.Tag(facts.Storm!.Hosts.Count)),
            Body = NoticeMails.Spoken(facts.Customer.Language, language => Body(facts, language)),
        };

    private static string Body(NoticeFacts facts, Language language) => NoticeBody.Text(
        [
            NoticeText.Dear(facts.Customer.Name).In(language),
            "",
            StormText.Opening(Visible.Line(facts.Problem.Host)).In(language),
            .. facts.Storm!.OwnBack ? [StormText.OwnIsBack(Visible.Line(facts.Problem.Host)).In(language)] : Array.Empty<string>(),
            "",
            .. NoticeBody.About(facts, language),
            NoticeBody.Field(NoticeText.Detected, NoticeBody.At(facts, facts.DetectedUtc, language), language),
            .. NoticeStorm.Lines(facts, language),
            "",
            StormText.Closing.In(language),
        ]);
}

/// <summary>The words of storms.</summary>
internal static class StormText
{
    internal static readonly Text CauseLabel = new("推定原因", "Presumed cause");

    internal static readonly Text OwnMail = new("個別にお知らせいたします", "mailed on its own");

    internal static readonly Text BeingChecked = new(
        "確認中 (障害が続いている場合は個別にお知らせいたします)", "being checked (mailed on its own if it still fails)");

    internal static readonly Text Closing = new(
        "同じ原因による障害とみて、これらのホストは個別のメールに代えて本メールのスレッドでまとめてお知らせいたします。原因が異なると判明したホストは、個別にお知らせいたします。",
        "They are taken as one problem and told in this thread instead of one by one. A host that turns out to have another cause is mailed on its own.");

    internal static Text Tag(int hosts) => new(
        FormattableString.Invariant($"ほか{hosts}台 同時障害"), FormattableString.Invariant($"{hosts} more {(hosts == 1 ? "host" : "hosts")}"));

    internal static Text Opening(string host) => new(
        $"監視センターです。先にお知らせした {host} の障害とほぼ同時に、下記のホストでも障害を検知いたしましたので、まとめてお知らせいたします。",
        $"This is the monitoring centre. The hosts below failed at about the same time as {host}, of which we wrote before.");

    internal static Text OwnIsBack(string host) => new(
        $"なお、{host} は復旧しておりますが、ほかのホストの障害が続いているため、本件は継続中です。",
        $"{host} itself works again; as others still fail, the problem goes on.");

    internal static Text Together(int hosts) => new(
        FormattableString.Invariant($"同時に障害となったホスト ({hosts}台、個別のメールはお送りいたしません):"),
        FormattableString.Invariant($"Hosts that failed together with it ({hosts}, not mailed on their own):"));

    internal static Text WereTogether(int hosts) => new(
        FormattableString.Invariant($"同時に障害となったホストの現在の状態 ({hosts}台):"),
        FormattableString.Invariant($"Hosts that had failed together with it, as they are now ({hosts}):"));

    internal static Text Vendor(Text name, string key) => new(
        $"データセンター・事業者の障害 ({name.Ja}{(name.Ja == key ? "" : $" {key}")})", $"datacentre or vendor {name.En}{(name.En == key ? "" : $" ({key})")}");

    internal static Text Network(string network) => new($"ネットワーク経路の障害 ({network})", $"the network or the path to {network}");
}
