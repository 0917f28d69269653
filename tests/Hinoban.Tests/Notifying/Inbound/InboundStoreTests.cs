using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.Storage;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Notifying.Inbound;

/// <summary>The archive of mails that came in, and what is noted of deliveries after their acceptance.</summary>
public abstract class InboundStoreTests : IDisposable
{
    private static readonly Scope All = Scope.Across("test");
    private static readonly DateTimeOffset At = Sample.Detected;
    private readonly DeskDatabase database;
    private readonly Db db;
    private readonly InboundStore store = new();
    private readonly OutboxStore outbox = new();
    private readonly OutboxQueue queue = new();

    private protected InboundStoreTests(Engine engine)
    {
        database = new DeskDatabase(engine);
        db = database.Open();
    }

    public void Dispose()
    {
        db.Dispose();
        database.Dispose();
    }

    [Fact]
    public void A_mail_comes_out_of_the_archive_as_it_came_in()
    {
        var raw = "Subject: x\r\n\r\n\0\u00e9 body"u8.ToArray();
        var id = db.Write(tx => store.Add(tx, "key", Mail(7), raw));
        var (mail, octets) = db.Read(tx => store.Load(tx, All, id))!.Value;
        Assert.Equal(raw, octets);
        Assert.Equal(["log.txt", "図.png"], mail.Parts.Select(p => p.Name));
        Assert.Equal((long)raw.Length, mail.Size);
        Assert.True(db.Read(tx => store.Has(tx, "key")));
        Assert.False(db.Read(tx => store.Has(tx, "other")));
        Assert.Equal(id, Assert.Single(db.Read(tx => store.Of(tx, All, new IncidentId(7), 10))).Id);
        Assert.Equal(id, Assert.Single(db.Read(tx => store.Latest(tx, All, 10))).Id);
        Assert.Equal(new IncidentId(7), db.Read(tx => store.IncidentOf(tx, All, "<m@x>")));
    }

    [Fact]
    public void Another_customer_finds_nothing()
    {
        var id = db.Write(tx => store.Add(tx, "key", Mail(7), "x"u8.ToArray()));
        var other = Scope.Of(new CustomerId("other"));
        Assert.Null(db.Read(tx => store.Load(tx, other, id)));
        Assert.Empty(db.Read(tx => store.Of(tx, other, new IncidentId(7), 10)));
        Assert.Empty(db.Read(tx => store.Latest(tx, other, 10)));
        Assert.Null(db.Read(tx => store.IncidentOf(tx, other, "<m@x>")));
    }

    [Fact]
    public void A_report_is_noted_once_and_the_member_is_in_trouble_until_a_mail_is_taken()
    {
        var mail = Sample.Alert();
        db.Write(tx => outbox.Add(tx, mail));
        var claimed = db.Write(tx => queue.Claim(tx, At.AddDays(1), 10, 10, _ => RelayRank.First));
        Assert.NotEmpty(claimed);
        Assert.All(claimed, c => Assert.True(db.Write(tx => queue.Settle(tx, c.Row.Id, RelayRank.First, DeliveryOutcome.Accepted, "Q", "250", false, At))));
        var first = claimed[0].Row;
        Assert.Equal(mail.Key, db.Read(tx => outbox.Delivery(tx, All, first.Id))!.Mail.Key);
        Assert.Equal(mail.Incident, db.Read(tx => outbox.IncidentOf(tx, All, mail.Key)));
        Assert.Empty(db.Read(tx => outbox.Failing(tx, All, At.AddHours(-1), new CustomerId("provider"))));

        var report = new DeliveryReport(DsnAction.Failed, "5.1.1", "no such user", At.AddMinutes(1));
        Assert.True(db.Write(tx => outbox.Report(tx, first.Id, report)));
        Assert.False(db.Write(tx => outbox.Report(tx, first.Id, report)));
        var trouble = Assert.Single(db.Read(tx => outbox.Failing(tx, All, At.AddHours(-1), new CustomerId("provider"))));
        Assert.Equal(first.Recipient, trouble.Recipient);
        Assert.Empty(db.Read(tx => outbox.Failing(tx, Scope.Of(new CustomerId("other")), At.AddHours(-1), new CustomerId("provider"))));
        db.Write(tx => outbox.ForgetArrivals(tx, "none"));
        Assert.Equal(claimed.Count, db.Read(tx => outbox.MailsOf(tx, All, mail.Incident)).Sum(m => m.Deliveries.Count));
    }

    [Fact]
    public void The_seal_is_the_same_whoever_opens_the_database()
    {
        var signed = MailSeal.Load(db).Sign(MailSeal.Bounce, "17");
        using var again = database.Open();
        Assert.Equal("17", MailSeal.Load(again).Read(MailSeal.Bounce, signed.ToUpperInvariant().ToLowerInvariant()));
        Assert.Null(MailSeal.Load(again).Read(MailSeal.Arrival, signed));
    }

    private static ArchivedMail Mail(long incident) => new(
        0, new CustomerId("sample"), new IncidentId(incident), InboundKind.Person, InboundStanding.Member, "tanaka@example.test", "list@example.test", "田中", "tanaka@example.test", "Re: 障害", "<m@x>", "見ました",
        At, 0, "", [new ArchivedPart(1, "log.txt", "text/plain", 3), new ArchivedPart(2, "図.png", "image/png", 4)]);
}

/// <summary>On SQLite.</summary>
public sealed class InboundStoreTestsOnFile() : InboundStoreTests(Engine.File);

/// <summary>On PostgreSQL.</summary>
public sealed class InboundStoreTestsOnServer() : InboundStoreTests(Engine.Server);
