using Hinoban.Basics;

namespace Hinoban.Notifying;

/// <summary>The hosts behind a host, as its mails list them: one line each, for their own mails are not sent.</summary>
internal static class NoticeBehind
{
    private const int MostHosts = 100;

    internal static IEnumerable<string> Lines(NoticeFacts facts, Language language)
    {
        if (facts.Behind.Count == 0)
        {
            yield break;
        }

        var lasts = facts.RecoveredUtc is null;
        yield return "";
        yield return (lasts ? NoticeText.CutOff : NoticeText.WereCutOff).In(language);
        foreach (var line in NoticeList.Lines(
            facts.Behind, MostHosts, h => $"{Visible.Line(h.Host)} ({Visible.Line(h.Address)}): {State(h, lasts, language)}", NoticeText.MoreHosts, language))
        {
            yield return line;
        }
    }

    private static string State(HostLine host, bool lasts, Language language) => host switch
    {
        { Number: { } number } => $"DOWN [{number}]",
        { Up: true } when !lasts => "UP",
        { Up: false } when lasts => NoticeText.Unreachable.In(language),
        _ => NoticeText.NotKnown.In(language),
    };
}
