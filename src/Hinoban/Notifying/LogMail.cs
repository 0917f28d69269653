using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Incidents;

namespace Hinoban.Notifying;

/// <summary>Log hits as a mail tells them: at once when the first come, together when more follow. No recovery comes after them.</summary>
internal static class LogMail
{
    // What stands around a hit is for whoever reads closely; a phone still has to get to the end.
    private const int LongestContext = 300;

    internal static OutboxMail Update(NoticeFacts facts, MailThread thread, MailOptions options, DateTimeOffset nowUtc) =>
        NoticeMails.Envelope(facts, thread, options, nowUtc, NoticeKind.Update) with
        {
            Subject = ReportMail.Subject(facts, LogMailText.Tag(facts.Log!.Untold)),
            Body = NoticeMails.Spoken(facts.Customer.Language, language => Body(facts, language, LogMailText.MoreOpening, [])),
        };

    internal static string Alert(NoticeFacts facts, Language language) => Body(
        facts,
        language,
        LogMailText.Opening,
        [
            .. facts.AfterSilence ? [LogMailText.AfterSilence.In(language)] : Array.Empty<string>(),
            LogMailText.NoRecovery.In(language),
        ]);

    private static string Body(NoticeFacts facts, Language language, Text opening, IReadOnlyList<string> notes) => NoticeBody.Text(
        [
            NoticeText.Dear(facts.Customer.Name).In(language),
            "",
            opening.In(language),
            .. notes,
            "",
            NoticeBody.Field(NoticeText.Kind, LogMailText.Kind.In(language), language),
            .. NoticeBody.About(facts, language),
            NoticeBody.Field(NoticeText.StateNow, NoticeText.State(facts.Severity), language),
            NoticeBody.Field(NoticeText.Detected, NoticeBody.At(facts, facts.DetectedUtc, language), language),
            NoticeBody.Field(LogMailText.Number, LogMailText.Counts(facts.Log!.Untold, facts.Log.UntoldSuppressed, facts.Log.Hits).In(language), language),
            .. NoticeBody.Agreed(facts, language),
            .. facts.Log.UntoldLines.SelectMany((hit, i) => Lines(facts, hit, i + 1, language)),
            .. More(facts.Log, language),
            "",
            LogMailText.Closing.In(language),
        ]);

    private static IEnumerable<string> Lines(NoticeFacts facts, LogHit hit, int number, Language language)
    {
        yield return "";
        yield return $"[{number}] {NoticeText.State(hit.Level)} {LogMailText.Rule(Visible.Line(hit.Rule, 100), hit.Count).In(language)}";
        yield return NoticeBody.Field(LogMailText.Source, hit.Source, language);
        yield return NoticeBody.Field(LogMailText.Read, NoticeBody.At(facts, hit.ReadUtc, language), language);
        foreach (var line in hit.Before)
        {
            yield return $"    {Visible.Line(line, LongestContext)}";
        }

        // A record may have several lines: each of them is one of the hit's own.
        foreach (var line in Visible.Lines(hit.Text))
        {
            yield return $"  * {Visible.Line(line)}";
        }

        foreach (var line in hit.After)
        {
            yield return $"    {Visible.Line(line, LongestContext)}";
        }

        if (hit.Suppressed > 0)
        {
            yield return $"    {LogMailText.Suppressed(hit.Suppressed).In(language)}";
        }
    }

    private static IEnumerable<string> More(LogFold log, Language language) =>
        log.Untold > log.UntoldLines.Count ? ["", LogMailText.More(log.Untold - log.UntoldLines.Count).In(language)] : [];
}

/// <summary>The words of mails about log hits.</summary>
internal static class LogMailText
{
    internal static readonly Text Opening = new(
        "監視センターです。ログに下記の記録を検知いたしましたので、お知らせいたします。",
        "This is the monitoring centre. The following was found in a log.");

    internal static readonly Text MoreOpening = new(
        "監視センターです。先にお知らせしたログ検知に続いて、下記の記録を検知いたしました。",
        "This is the monitoring centre. More was found in the log of which we wrote before.");

    internal static readonly Text NoRecovery = new(
        "※ログ検知は発生した事象のお知らせです。自動的に復旧するものではないため、復旧のメールはお送りいたしません。",
        "Note: a log hit is an event. It does not recover by itself, and no recovery mail will follow.");

    internal static readonly Text AfterSilence = new(
        "※静観・抑止の間に検知した記録です(その間は通知を控えておりました)。",
        "Note: it was found during a silence; while that lasted we did not write.");

    internal static readonly Text Kind = new("PROBLEM (ログ検知)", "PROBLEM (log hit)");
    internal static readonly Text Number = new("検知件数", "Hits");
    internal static readonly Text Source = new("ログ", "Log");
    internal static readonly Text Read = new("読取日時", "Read");

    internal static readonly Text Closing = new(
        "担当者が確認を始めます。対応の結果は、このメールへの返信でお知らせいたします。続けて検知した記録は、10分以上の間隔でまとめてお知らせいたします。",
        "An operator is now checking. The result will follow as a reply to this mail. Further hits are told together, ten minutes apart or more.");

    internal static Text Tag(int hits) => new(
        FormattableString.Invariant($"ログ検知 続報 {hits}件"), FormattableString.Invariant($"{hits} more log {(hits == 1 ? "hit" : "hits")}"));

    internal static Text Counts(int hits, long suppressed, int all) => new(
        FormattableString.Invariant($"{hits} 件{(suppressed > 0 ? $" (このほか、上限を超えたため件数のみを数えた記録 {suppressed} 件)" : "")}{(all > hits ? $"、累計 {all} 件" : "")}"),
        FormattableString.Invariant($"{hits}{(suppressed > 0 ? $" (and {suppressed} more records beyond the limit, only counted)" : "")}{(all > hits ? $", {all} in all" : "")}"));

    internal static Text Rule(string rule, int count) => new(
        FormattableString.Invariant($"ルール {rule}{(count > 1 ? $" ({count} 件の記録)" : "")}"), FormattableString.Invariant($"rule {rule}{(count > 1 ? $" ({count} records)" : "")}"));

    internal static Text Suppressed(int count) => new(
        FormattableString.Invariant($"(上限を超えたため、さらに {count} 件は件数のみ)"), FormattableString.Invariant($"({count} more beyond the limit, only counted)"));

    internal static Text More(int count) => new(
        FormattableString.Invariant($"ほか {count} 件の記録は、監視センターのインシデントの画面でご覧いただけます。"),
        FormattableString.Invariant($"{count} more are shown on the incident's page."));
}
