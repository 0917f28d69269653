using System.Globalization;
using Hinoban.Incidents;

namespace Hinoban.Notifying;

/// <summary>An incident's mails so far, oldest first: what the next one refers to, and what it is called.</summary>
internal sealed record MailThread(IReadOnlyList<string> Keys)
{
    internal static MailThread Of(IEnumerable<IncidentEvent> history) =>
        new([.. history.OfType<NoticeDecided>().Where(n => n.Told && n.MailKey.Length > 0).Select(n => n.MailKey).Distinct()]);

    /// <summary>
    /// Episode key + kind + count within the incident: computable by whoever has the events, so that two writers of the same mail
    /// write the same key, and the second changes nothing.
    /// </summary>
    internal string NextKey(ProblemFacts problem, NoticeKind kind)
    {
        var stem = $"{problem.EpisodeKey}.{Word(kind)}.";
        var count = 1 + Keys.Count(k => k.StartsWith(stem, StringComparison.Ordinal));
        return stem + count.ToString(CultureInfo.InvariantCulture);
    }

    private static string Word(NoticeKind kind) => kind switch
    {
        NoticeKind.Alert => "alert",
        NoticeKind.Recovery => "recovery",
        NoticeKind.Report => "report",
        NoticeKind.Update => "update",
        NoticeKind.Flapping => "flapping",
        NoticeKind.Post => "post",
        NoticeKind.Maintenance => "maintenance",
        NoticeKind.Arrival => "arrival",
    };
}
