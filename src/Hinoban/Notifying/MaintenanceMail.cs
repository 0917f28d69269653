using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Specs;
using Hinoban.States;

namespace Hinoban.Notifying;

/// <summary>What became of a maintenance that the customer asked for, to the customer's list: of no incident. Pure.</summary>
internal static class MaintenanceMail
{
    internal static OutboxMail Build(MaintenanceRequest request, CustomerPlan customer, MailOptions options, DateTimeOffset nowUtc)
    {
        var approved = request.Decision is { Approved: true };
        return new OutboxMail(
            $"{customer.Id}.maintenance.{request.Id}.{(approved ? "approved" : "declined")}",
            new IncidentId(0),
            customer.Id,
            NoticeKind.Maintenance,
            Subject(request, customer, approved),
            NoticeMails.Spoken(customer.Language, language => Body(request, customer, approved, language)),
            customer.MailingList.Charset,
            customer.MailingList.Address,
            customer.Name.In(customer.Language),
            Automatic: true,
            options.DeskName.In(customer.Language),
            [],
            nowUtc,
            ListRecipients.Of(customer.MailingList, options));
    }

    private static string Subject(MaintenanceRequest request, CustomerPlan customer, bool approved)
    {
        var tag = approved ? MaintenanceMailText.Accepted : MaintenanceMailText.Declined;
        var said = customer.Language switch
        {
            Language.Ja => $"【{tag.Ja}】",
            Language.En => $"[{tag.En}] ",
            Language.Both => $"【{tag.Ja} / {tag.En}】",
        };
        return $"{said}{string.Join(", ", request.Ask.Targets.Take(3))}{(request.Ask.Targets.Count > 3 ? " …" : "")} [{customer.Id} {request.Number}]";
    }

    private static string Body(MaintenanceRequest request, CustomerPlan customer, bool approved, Language language)
    {
        string Field(Text label, string value) => NoticeBody.Field(label, value, language);
        string At(DateTimeOffset instant) => MailTime.At(instant, customer.Zone, language);
        var ask = request.Ask;
        return NoticeBody.Text(
        [
            NoticeText.Dear(customer.Name).In(language),
            "",
            (approved ? MaintenanceMailText.AcceptedOpening : MaintenanceMailText.DeclinedOpening).In(language),
            "",
            Field(MaintenanceMailText.Number, request.Number),
            Field(MaintenanceMailText.Targets, string.Join(", ", ask.Targets)),
            Field(MaintenanceMailText.From, At(ask.FromUtc)),
            Field(MaintenanceMailText.To, At(ask.ToUtc)),
            Field(MaintenanceMailText.Reason, ask.Reason),
            Field(MaintenanceMailText.Contact, ask.Contact),
            Field(MaintenanceMailText.AskedBy, request.AskedBy),
            .. approved ? Array.Empty<string>() : [Field(MaintenanceMailText.Because, request.Decision!.Reason)],
            "",
            (approved ? MaintenanceMailText.AcceptedClosing : MaintenanceMailText.DeclinedClosing).In(language),
        ]);
    }
}

/// <summary>The words of these mails.</summary>
internal static class MaintenanceMailText
{
    internal static readonly Text Accepted = new("メンテナンス受付", "Maintenance accepted");
    internal static readonly Text Declined = new("メンテナンス依頼のご連絡", "Maintenance declined");

    internal static readonly Text AcceptedOpening = new(
        "監視センターです。ご依頼いただきましたメンテナンスにつきまして、下記のとおり承りました。期間中、対象の監視項目のアラートメールを停止いたします。",
        "This is the monitoring centre. We have accepted the maintenance that you asked for: no alert mail about these items will be sent during it.");

    internal static readonly Text DeclinedOpening = new(
        "監視センターです。ご依頼いただきましたメンテナンスにつきまして、誠に恐れ入りますが、下記の理由により承ることができませんでした。期間中も、アラートメールは通常どおりお送りいたします。",
        "This is the monitoring centre. We are sorry that we cannot accept the maintenance that you asked for, for the reason below. Alert mails will be sent as usual.");

    internal static readonly Text AcceptedClosing = new(
        "監視と記録は期間中も継続いたします。終了日時を過ぎても異常が続いている場合は、その時点でアラートメールをお送りいたします。作業の延長や早期の終了がございましたら、監視センターまでご連絡ください。",
        "We go on looking and recording. What still fails at the end is mailed then. Please tell us if the work takes longer or ends early.");

    internal static readonly Text DeclinedClosing = new(
        "ご不明な点がございましたら、監視センターまでご連絡くださいますようお願いいたします。", "Please contact the monitoring centre if you have any questions.");

    internal static readonly Text Number = new("依頼番号", "Request");
    internal static readonly Text Targets = new("対象", "Items");
    internal static readonly Text From = new("開始日時", "From");
    internal static readonly Text To = new("終了日時", "To");
    internal static readonly Text Reason = new("作業内容", "Work");
    internal static readonly Text Contact = new("連絡先", "Contact");
    internal static readonly Text AskedBy = new("ご依頼者", "Asked by");
    internal static readonly Text Because = new("承れない理由", "Reason");
}
