using Hinoban.Basics;
using static System.FormattableString;

namespace Hinoban.Notifying;

/// <summary>The words of reports and updates.</summary>
internal static class ReportText
{
    internal static readonly Text FinalTag = new("対応報告", "Response report");
    internal static readonly Text UpdateTag = new("ご連絡", "Update");
    internal static readonly Text Recovered = new("復旧済", "recovered");
    internal static readonly Text Ongoing = new("継続中", "ongoing");
    internal static readonly Text Situation = new("発生状況", "Situation");
    internal static readonly Text Cause = new("原因", "Cause");
    internal static readonly Text Actions = new("対応内容", "Actions taken");
    internal static readonly Text Calls = new("電話連絡実施状況", "Telephone calls");
    internal static readonly Text Message = new("ご連絡内容", "Message");

    internal static readonly Text Closing = new(
        "ご不明な点がございましたら、このメールへの返信にてお問い合わせください。",
        "If you have any questions, please reply to this mail.");

    internal static readonly Text UpdateOpening = new(
        "監視センターです。下記の障害の一次対応につきまして、ご連絡いたします。",
        "This is the monitoring centre, with an update on the first response to the following problem.");

    internal static Text InterimTag(int issue) => new(Invariant($"第{issue}報"), Invariant($"Interim report {issue}"));

    internal static Text FinalOpening(Text name) => new(
        $"監視センターの{name.Ja}です。下記の障害につきまして、一次対応の結果をご報告いたします。",
        $"This is {name.En} of the monitoring centre, with the report on our first response to the following problem.");

    internal static Text InterimOpening(Text name) => new(
        $"監視センターの{name.Ja}です。下記の障害につきまして、現在までの対応状況をご報告いたします。",
        $"This is {name.En} of the monitoring centre, with an interim report on the following problem.");
}
