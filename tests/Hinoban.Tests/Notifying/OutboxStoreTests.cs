using Hinoban.Basics;
using Hinoban.Incidents;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Storage;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Notifying;

/// <summary>The outbox's tables: what goes in comes out, once, and only to those it concerns.</summary>
public abstract class OutboxStoreTests : IDisposable
{
    private static readonly Scope All = Scope.Across("test");
    private readonly DeskDatabase database;
    private readonly Db db;
    private readonly OutboxStore store = new();
    private readonly OutboxQueue queue = new();

    private protected OutboxStoreTests(Engine engine)
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
    public void A_mail_comes_out_as_it_went_in()
    {
        var mail = Sample.Alert() with { References = ["a.1", "b\"2"], Body = "一\n'; drop table outbox_mails; --" };
        Assert.True(db.Write(tx => store.Add(tx, mail)));

        var row = Assert.Single(db.Read(tx => store.MailsOf(tx, All, mail.Incident)));
        Assert.Equal(mail with { References = [], Recipients = [] }, row.Mail with { References = [], Recipients = [] });
        Assert.Equal(mail.References, row.Mail.References);
        Assert.Equal(mail.Recipients, row.Mail.Recipients);
        Assert.All(row.Deliveries, d => Assert.Equal((DeliveryState.Waiting, 0, mail.DateUtc, ""), (d.State, d.Attempts, d.NextUtc, d.QueueId)));
        Assert.Equal([false, false, true], row.Deliveries.Select(d => d.Desk));
    }

    [Fact]
    public void The_same_key_is_queued_once()
    {
        var mail = Sample.Alert();
        Assert.True(db.Write(tx => store.Add(tx, mail)));
        Assert.False(db.Write(tx => store.Add(tx, mail with { Subject = "other", Recipients = [new OutboxRecipient("new@example.test", false)] })));

        var row = Assert.Single(db.Read(tx => store.Latest(tx, All, 10)));
        Assert.Equal(mail.Subject, row.Mail.Subject);
        Assert.Equal(3, row.Deliveries.Count);
    }

    [Fact]
    public void Another_customers_scope_sees_nothing()
    {
        var mail = Sample.Alert();
        db.Write(tx => store.Add(tx, mail));
        var other = Scope.Of(new CustomerId("other"));

        Assert.Empty(db.Read(tx => store.MailsOf(tx, other, mail.Incident)));
        Assert.Empty(db.Read(tx => store.Latest(tx, other, 10)));
        Assert.Empty(db.Read(tx => store.Troubles(tx, other)));
        Assert.Single(db.Read(tx => store.Latest(tx, Scope.Of(mail.Customer), 10)));
        Assert.Single(db.Read(tx => store.Troubles(tx, Scope.Of(mail.Customer))));
    }

    [Fact]
    public void Troubles_tell_fresh_retrying_and_failed_apart()
    {
        var mail = Sample.Alert();
        db.Write(tx => store.Add(tx, mail));
        Assert.Equal(new MailTroubleRow(mail.Incident, 3, 0, 0, ""), Assert.Single(db.Read(tx => store.Troubles(tx, All))));

        db.Write(tx =>
        {
            var claimed = queue.Claim(tx, mail.DateUtc, 3, 3, _ => RelayRank.First);
            Assert.True(queue.Settle(tx, claimed[0].Row.Id, RelayRank.First, DeliveryOutcome.Rejected, "", "550 no", lookedUp: false, mail.DateUtc));
            Assert.False(queue.Settle(tx, claimed[0].Row.Id, RelayRank.First, DeliveryOutcome.Accepted, "X", "", lookedUp: false, mail.DateUtc));
            queue.PutBack(tx, claimed[1].Row.Id, new TryAgain(mail.DateUtc.AddSeconds(5), RelayRank.First, RelaySet.None, mail.DateUtc), becameUnknown: false, "450 later");
            queue.Settle(tx, claimed[2].Row.Id, RelayRank.First, DeliveryOutcome.Accepted, "ABC", "250 ok", lookedUp: false, mail.DateUtc);
        });
        Assert.Equal(new MailTroubleRow(mail.Incident, 0, 1, 1, "550 no"), Assert.Single(db.Read(tx => store.Troubles(tx, All))));
        Assert.Equal("ABC", db.Read(tx => store.MailsOf(tx, All, mail.Incident))[0].Deliveries[2].QueueId);
    }

    [Fact]
    public void A_row_under_way_at_the_end_of_the_process_becomes_an_unknown()
    {
        var mail = Sample.Alert();
        db.Write(tx => store.Add(tx, mail));
        db.Write(tx => queue.Claim(tx, mail.DateUtc, 1, 1, _ => RelayRank.First));
        Assert.Equal(1, db.Write(tx => queue.Revive(tx, mail.DateUtc.AddMinutes(1))));

        var claimed = db.Write(tx => queue.Claim(tx, mail.DateUtc.AddMinutes(1), 3, 3, _ => RelayRank.First));
        Assert.Equal([false, false, true], claimed.Select(c => c.Row.OutcomeUnknown));

        // The log is searched from the first attempt whose outcome is open.
        Assert.Equal(mail.DateUtc, claimed[2].Row.AttemptUtc);
    }

    [Fact]
    public void An_unknown_is_asked_of_every_relay_that_may_have_it()
    {
        var mail = Sample.Alert() with { Recipients = [new OutboxRecipient("a@example.test", false)] };
        db.Write(tx => store.Add(tx, mail));
        ClaimedDelivery Next(RelayRank by) => db.Write(tx => queue.Claim(tx, mail.DateUtc.AddMinutes(9), 1, 1, _ => by)).Single();
        var first = Next(RelayRank.First);
        db.Write(tx => queue.PutBack(tx, first.Row.Id, new TryAgain(mail.DateUtc, RelayRank.First, RelaySet.None, mail.DateUtc), becameUnknown: true, ""));
        var second = Next(RelayRank.Second);
        Assert.Equal((true, RelaySet.First), (second.Row.OutcomeUnknown, second.Row.MayHave));

        // Killed now: the second may have it as well.
        db.Write(tx => queue.Revive(tx, mail.DateUtc));
        var both = Next(RelayRank.First);
        Assert.Equal(RelaySet.First | RelaySet.Second, both.Row.MayHave);

        // It went on by the second, and was killed again; the first's log has proved an absence meanwhile.
        db.Write(tx =>
        {
            queue.StillOpen(tx, both.Row.Id, RelaySet.Second);
            queue.GoesBy(tx, both.Row.Id, RelayRank.Second);
            queue.Revive(tx, mail.DateUtc);
        });
        var left = Next(RelayRank.Second);
        Assert.Equal((true, RelaySet.Second, true), (left.Row.OutcomeUnknown, left.Row.MayHave, db.Read(tx => queue.WasTwice(tx, left.Row.Id))));
        db.Write(tx => queue.StillOpen(tx, left.Row.Id, RelaySet.None));
        db.Write(tx => queue.Revive(tx, mail.DateUtc));
        var last = Next(RelayRank.Second);
        db.Write(tx => queue.PutBack(tx, last.Row.Id, new TryAgain(mail.DateUtc, RelayRank.First, RelaySet.Second, mail.DateUtc), becameUnknown: false, "554"));
        Assert.Equal(RelaySet.Second, Next(RelayRank.First).Row.RefusedBy);
    }

    [Fact]
    public void Only_what_waits_for_a_relay_is_hurried_when_it_is_back()
    {
        var mail = Sample.Alert();
        db.Write(tx => store.Add(tx, mail));
        var later = mail.DateUtc.AddMinutes(5);
        db.Write(tx =>
        {
            var claimed = queue.Claim(tx, mail.DateUtc, 2, 2, _ => RelayRank.First);
            queue.PutBack(tx, claimed[0].Row.Id, new TryAgain(later, RelayRank.First, RelaySet.None, mail.DateUtc), becameUnknown: false, "450 later");
            queue.Release(tx, claimed[1].Row.Id, later, "no line", held: true);
            queue.HoldAll(tx, mail.DateUtc, later, "no line");
            queue.HurryHeld(tx, mail.DateUtc);
        });
        Assert.Equal([later, mail.DateUtc, mail.DateUtc], db.Read(tx => store.MailsOf(tx, All, mail.Incident))[0].Deliveries.Select(d => d.NextUtc));
        Assert.Equal(3, db.Read(tx => store.Waiting(tx, Scope.Of(mail.Customer))));
        Assert.Equal((0, 0), (db.Read(tx => store.Waiting(tx, Scope.Of(new CustomerId("other")))), db.Write(tx => queue.HurryAll(tx, Scope.Of(new CustomerId("other")), mail.DateUtc))));
        Assert.Equal((1, 0), (db.Write(tx => queue.HurryAll(tx, Scope.Of(mail.Customer), mail.DateUtc)), db.Write(tx => queue.HurryAll(tx, All, mail.DateUtc))));
        Assert.Equal(3, db.Write(tx => queue.Claim(tx, mail.DateUtc, 9, 9, _ => RelayRank.First)).Count);
    }

    [Fact]
    public void Mails_of_no_incident_do_not_wait_for_each_other()
    {
        var post = Sample.Alert() with { Incident = new IncidentId(0), Key = "c.post.1", Recipients = [new OutboxRecipient("a@example.test", false)] };
        db.Write(tx => store.Add(tx, post));
        db.Write(tx => queue.PutBack(tx, queue.Claim(tx, post.DateUtc, 1, 1, _ => RelayRank.First)[0].Row.Id, new TryAgain(post.DateUtc.AddMinutes(5), RelayRank.First, RelaySet.None, post.DateUtc), becameUnknown: false, "450"));
        db.Write(tx => store.Add(tx, post with { Key = "other.post.2", Customer = new CustomerId("other") }));
        Assert.Equal(post.DateUtc, db.Read(queue.NextDue));
        Assert.Equal("other.post.2", Assert.Single(db.Write(tx => queue.Claim(tx, post.DateUtc, 9, 9, _ => RelayRank.First))).Row.MailKey);
    }

    [Fact]
    public void A_clock_that_was_set_back_holds_nothing_up()
    {
        var mail = Sample.Alert() with { DateUtc = Sample.Detected.AddDays(3) };
        db.Write(tx => store.Add(tx, mail));
        Assert.Equal(3, db.Write(tx => queue.Claim(tx, Sample.Detected, 9, 9, _ => RelayRank.First)).Count);
    }
}

/// <summary>The outbox on SQLite.</summary>
public sealed class OutboxStoreTestsOnFile() : OutboxStoreTests(Engine.File);

/// <summary>The outbox on PostgreSQL.</summary>
public sealed class OutboxStoreTestsOnServer() : OutboxStoreTests(Engine.Server);
