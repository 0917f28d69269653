using Hinoban.Basics;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.Specs;
using Microsoft.Extensions.Logging;

namespace Hinoban.Flow;

/// <summary>
/// The desk's side of the door for mail: knows which addresses are its own, and answers yes only for what is committed. Whatever goes wrong here is
/// answered with "later", so that the MTA in front still has the mail.
/// </summary>
internal sealed class InboundDesk(DeskEngine engine, DeskStores stores, ArrivalWatch? arrivals, ILogger<InboundDesk> log) : IInboundDoor
{
    public InboundReply Knows(string recipient)
    {
        try
        {
            return IsOurs(recipient) ? InboundReply.Ok : InboundReply.Unknown;
        }
#pragma warning disable CA1031 // A mail must not be lost over an error of ours.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LmtpLog.NotKept(log, Visible.Line(recipient, 200), error);
            return InboundReply.Later;
        }
    }

    public InboundReply Take(ReceivedMail mail)
    {
        try
        {
            if (ArrivalWatch.NumberOf(mail.Recipient, stores.Mail) is { } number)
            {
                arrivals?.Arrived(number);
                return InboundReply.Ok;
            }

            // Reading and packing 25 MB takes as long as it takes, and nothing waits for it meanwhile.
            var reading = InboundReading.Of(mail, stores.Mail.Domain);
            if (engine.Look((board, _, _) => InboundFlow.MayBeWhole(board.Plan, stores.Mail, reading)))
            {
                reading = reading.Packed();
            }

            return engine.Change(work => InboundFlow.Take(work, reading));
        }
#pragma warning disable CA1031 // The database, the disk, or an error of ours: the MTA keeps what we cannot.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LmtpLog.NotKept(log, Visible.Line(mail.Recipient, 200), error);
            return InboundReply.Later;
        }
    }

    private bool IsOurs(string recipient) =>
        ArrivalWatch.NumberOf(recipient, stores.Mail) is not null
        || (stores.Mail.Seal is { } seal && MailNames.DeliveryOf(recipient, stores.Mail.Domain, seal) is not null)
        || MailNames.AwayOf(recipient, stores.Mail.Domain, stores.Mail.SiteSeals) is not null
        || engine.Look((board, _, _) => InboundFlow.ListOf(board.Plan, recipient) is not null);
}
