using Dapper;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Incidents;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.Storage;
using Hinoban.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

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
    private int kept;

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
        var id = db.Write(tx => store.Add(tx, "key", Mail(7) with { Size = raw.Length }, InboundReading.Pack(raw)));
        var (mail, packed) = db.Read(tx => store.Load(tx, All, id))!.Value;
        Assert.Equal(raw, InboundReading.Unpack(packed));
        Assert.Equal(raw, InboundStore.Content(db, id));
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
        var id = db.Write(tx => store.Add(tx, "key", Mail(7), InboundReading.Pack("x"u8.ToArray())));
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
    public void What_is_no_members_goes_after_its_time_and_first_where_there_is_no_room()
    {
        var strangers = Enumerable.Range(0, 12).Select(n => Keep(Mail(7) with { Standing = InboundStanding.Stranger, ReceivedUtc = At.AddDays(n - 31), Kept = ArchivedAs.Head })).ToList();
        var report = Keep(Mail(7) with { Standing = InboundStanding.Report, ReceivedUtc = At.AddDays(-1000) });
        var post = Keep(Mail(7) with { ReceivedUtc = At.AddDays(-1000) });
        var alone = Keep(Mail(7) with { Incident = null, ReceivedUtc = At.AddDays(-401) });
        var young = Keep(Mail(7) with { Incident = null, ReceivedUtc = At.AddDays(-399) });
        var waits = Keep(Mail(7) with { Incident = null, ReceivedUtc = At.AddDays(-401) });
        db.Write(tx => outbox.Add(tx, Sample.Alert() with { Key = "c.post.1", Archived = waits }));

        Pass(new ArchiveTerms());
        Assert.Equal([.. strangers.Skip(1), report, post, young, waits], Ids());
        Assert.Equal((0, 2), (Parts(alone), Parts(young)));

        // No room: what is no member's goes, the oldest first, and no more than must.
        var stored = db.Read(ArchiveStore.Stored);
        Pass(new ArchiveTerms { Limit = stored });
        Assert.Equal([strangers[11], report, post, young, waits], Ids());
        var room = Pass(new ArchiveTerms { Limit = 1 });
        Assert.Equal([report, post, young, waits], Ids());
        Assert.True(room.IsFull);
    }

    [Fact]
    public void A_post_for_which_there_is_no_room_is_kept_until_all_have_it()
    {
        var raw = "From: a@b\r\nSubject: x\r\n\r\nthe body"u8.ToArray();
        var post = db.Write(tx => store.Add(tx, "key", Mail(7) with { Kept = ArchivedAs.UntilPassed }, InboundReading.Pack(raw)));
        db.Write(tx => outbox.Add(tx, Sample.Alert() with { Archived = post, Recipients = [new OutboxRecipient("a@example.test", false)] }));
        Pass(new ArchiveTerms());
        var claim = db.Write(tx => queue.Claim(tx, At.AddDays(1), 1, 1, _ => RelayRank.First)).Single();
        Assert.Null(claim.Mail.Passed);
        Assert.Equal(raw, InboundStore.Content(db, post));

        db.Write(tx => queue.Settle(tx, claim.Row.Id, RelayRank.First, DeliveryOutcome.Accepted, "Q", "250", false, At));
        Pass(new ArchiveTerms());
        Assert.Null(InboundStore.Content(db, post));
        var (mail, packed) = db.Read(tx => store.Load(tx, All, post))!.Value;
        Assert.Equal((ArchivedAs.Head, "From: a@b\r\nSubject: x\r\n\r\n"), (mail.Kept, System.Text.Encoding.ASCII.GetString(InboundReading.Unpack(packed))));
    }

    [Fact]
    public void Posts_are_counted_by_writer_thread_and_time()
    {
        Keep(Mail(7));
        Keep(Mail(7) with { FromAddress = "TANAKA@example.test" });
        Keep(Mail(7) with { ReceivedUtc = At.AddMinutes(-11) });
        Keep(Mail(7) with { Incident = null });
        Keep(Mail(8));
        Keep(Mail(7) with { FromAddress = "other@example.test" });
        Keep(Mail(7) with { Standing = InboundStanding.Braked });
        var own = Scope.Of(new CustomerId("sample"));
        Assert.Equal(2, db.Read(tx => store.PassedOn(tx, own, "tanaka@example.test", new IncidentId(7), At.AddMinutes(-10), At.AddMinutes(10))));
        Assert.Equal(0, db.Read(tx => store.PassedOn(tx, own, "tanaka@example.test", new IncidentId(7), At.AddHours(-2), At.AddHours(-1))));
        Assert.Equal(1, db.Read(tx => store.PassedOn(tx, own, "tanaka@example.test", null, At.AddMinutes(-10), At.AddMinutes(10))));
        Assert.Equal(0, db.Read(tx => store.PassedOn(tx, Scope.Of(new CustomerId("other")), "tanaka@example.test", new IncidentId(7), At.AddMinutes(-10), At.AddMinutes(10))));
        Assert.Equal((new CustomerId("sample"), "tanaka@example.test"), Assert.Single(db.Read(tx => store.Braked(tx, All, At.AddHours(-1)))));
        Assert.Empty(db.Read(tx => store.Braked(tx, All, At.AddHours(1))));
    }

    private long Keep(ArchivedMail mail) => db.Write(tx => store.Add(tx, $"key{kept++}", mail, InboundReading.Pack(new byte[100])));

    private List<long> Ids() => [.. db.Read(tx => store.Latest(tx, All, 100)).Select(m => m.Id).Order()];

    private long Parts(long mail) => db.Read(tx => tx.Connection.ExecuteScalar<long>("select count(*) from inbound_parts where mail = @mail", new { mail }, tx.Transaction));

    private ArchiveRoom Pass(ArchiveTerms terms)
    {
        var room = new ArchiveRoom(terms);
        new ArchiveDuty(db, room, new LabClock(At), NullLogger<ArchiveDuty>.Instance).Pass(CancellationToken.None);
        return room;
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
