using Hinoban.Basics;
using Hinoban.People;
using Hinoban.Specs;
using Hinoban.Storage;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Specs;

/// <summary>Editions, item ids and revisions in the desk's database.</summary>
public abstract class EditionDeskTests : IDisposable
{
    private static readonly Moment Now = new(DateTimeOffset.Parse("2026-04-14T02:13:20Z", System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);
    private static readonly Scope All = Scope.Across("test");

    private readonly SpecFolderOnDisk folder = new();
    private readonly DeskDatabase database;
    private Db db;
    private EditionDesk desk;

    private protected EditionDeskTests(Engine engine)
    {
        database = new DeskDatabase(engine);
        db = database.Open();
        desk = new EditionDesk(db, SpecSamples.Both);
    }

    public void Dispose()
    {
        db.Dispose();
        database.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void The_first_load_gives_ids_and_revision_one()
    {
        var reload = Load(("a", "hosts: { web01: { address: a.jp, checks: { http: {}, mail: tcp:25 } } }"), ("b", "hosts: { db01: { address: b.jp } }"));
        Assert.True(reload is { Accepted: true, Changed: true });
        Assert.Equal(1, reload.Plan.Revision);
        Assert.Equal([1, 2, 3, 4], reload.Plan.Items.Select(i => i.Id.Value).Order());
        Assert.All(reload.Plan.Items, i => Assert.Equal(1, i.Revision));
        Assert.Equal([EditionChange.Begun, EditionChange.Begun], reload.Changes.Select(c => c.Change));
        Assert.Same(reload.Plan, desk.Running);
    }

    [Fact]
    public void A_member_desk_without_a_mailbox_is_warned_about_at_every_load_and_taken()
    {
        desk = new EditionDesk(db, SpecSamples.Both, deskHasMailbox: false);
        foreach (var _ in new[] { "start", "reload" })
        {
            var reload = Load(("a", "hosts: { web01: { address: a.jp } }"));
            Assert.True(reload.Accepted);
            var warning = Assert.Single(reload.Problems, p => p.Level == ProblemLevel.Warning);
            Assert.StartsWith("the desk is a member, but no `mail.desk_mailbox`", warning.Wrong, StringComparison.Ordinal);
            Assert.Equal((2, true), (warning.Line, warning.Column > 1));
        }
    }

    [Fact]
    public void The_same_text_again_changes_nothing_at_all()
    {
        var first = Load(("a", "hosts: { web01: { address: a.jp } }"));
        var second = Load(("a", "hosts: { web01: { address: a.jp } }"));
        Assert.True(second is { Accepted: true, Changed: false });
        Assert.Same(first.Plan, second.Plan);
        Assert.Single(db.Read(tx => new EditionStore().History(tx, All)));
        Reopen();
        Assert.Equal(1, Load(("a", "hosts: { web01: { address: a.jp } }")).Plan.Revision);
    }

    [Fact]
    public void Only_the_changed_customer_gets_the_new_revision()
    {
        Load(("a", "hosts: { web01: { address: a.jp } }"), ("b", "hosts: { db01: { address: b.jp } }"));
        var before = desk.Running;
        var reload = Load(("a", "hosts: { web01: { address: a.jp, checks: { http: {} } } }"), ("b", "hosts: { db01: { address: b.jp } }"));
        Assert.Equal(2, reload.Plan.Revision);
        Assert.Same(before, reload.Before);
        Assert.Equal([2, 2], reload.Plan.Customer(new CustomerId("a"))!.Items.Select(i => i.Revision));
        Assert.Same(before.Customer(new CustomerId("b")), reload.Plan.Customer(new CustomerId("b")));
        Assert.Equal([new CustomerReload(new CustomerId("a"), EditionChange.Changed, 1, 0, 0)], reload.Changes);
    }

    [Fact]
    public void A_reload_with_thirty_mistakes_changes_nothing()
    {
        var first = Load(("a", "hosts: { web01: { address: a.jp } }"));
        var rows = db.Read(tx => (new EditionStore().History(tx, All), new EditionStore().LatestRevision(tx)));
        folder.Write("specs/mistakes.yaml", File.ReadAllText(SpecSamples.ThirtyMistakes));
        var refused = desk.Load([Path.Combine(folder.Path, "specs")], Now);
        Assert.False(refused.Accepted);
        Assert.Equal(30, refused.Problems.Count(p => p.Level == ProblemLevel.Error));
        Assert.Same(first.Plan, refused.Plan);
        Assert.Same(first.Plan, desk.Running);
        Assert.Equal(rows, db.Read(tx => (new EditionStore().History(tx, All), new EditionStore().LatestRevision(tx))), (x, y) => x.Item1.SequenceEqual(y.Item1) && x.Item2 == y.Item2);
    }

    [Fact]
    public void Ids_survive_renames_and_restarts_and_are_never_given_again()
    {
        Load(("a", "hosts: { web01: { address: a.jp, checks: { http: {}, mail: tcp:25 } }, old: { address: o.jp } }"));
        var (host, http, mail, old) = (Id("web01"), Id("web01/http"), Id("web01/mail"), Id("old"));
        Reopen();

        // The host is renamed, one of its checks too, one goes, and another host takes the old one's place.
        var reload = Load(("a", "hosts: { www: { address: a.jp, was: web01, checks: { site: { kind: http, was: http } } }, new: { address: n.jp } }"));
        Assert.Equal((host, http), (Id("www"), Id("www/site")));
        Assert.Equal([new CustomerReload(new CustomerId("a"), EditionChange.Changed, 1, 2, 2)], reload.Changes);
        Assert.Equal(5, Id("new"));

        // What comes back under a retired name is something new.
        Reopen();
        Load(("a", "hosts: { www: { address: a.jp, was: web01, checks: { site: { kind: http, was: http }, mail: tcp:25 } }, old: { address: o.jp } }"));
        Assert.Equal((host, http), (Id("www"), Id("www/site")));
        Assert.DoesNotContain(Id("www/mail"), new[] { host, http, mail, old, 5 });
        Assert.DoesNotContain(Id("old"), new[] { host, http, mail, old, 5 });
        var all = db.Read(tx => new EditionStore().Items(tx, All, retired: true));
        Assert.Equal(all.Count, all.Select(i => i.Id).Distinct().Count());
        Assert.Equal([mail, old, 5], all.Where(i => i.Retired).Select(i => i.Id.Value).Order());
    }

    [Fact]
    public void A_rename_that_stays_in_the_file_is_done_once()
    {
        Load(("a", "hosts: { web01: { address: a.jp } }"));
        var id = Id("web01");
        Load(("a", "hosts: { web02: { address: a.jp, was: web01 } }"));
        Load(("a", "hosts: { web02: { address: b.jp, was: web01 } }"));
        Assert.Equal(id, Id("web02"));
        Assert.Equal(3, desk.Running.Revision);
        Assert.Single(desk.Running.Items);
    }

    [Fact]
    public void A_customer_whose_file_is_gone_is_no_longer_watched()
    {
        Load(("a", "hosts: { web01: { address: a.jp } }"), ("b", "hosts: { db01: { address: b.jp } }"));
        File.Delete(Path.Combine(folder.Path, "specs", "b.yaml"));
        var reload = desk.Load([Path.Combine(folder.Path, "specs")], Now);
        Assert.Equal([new CustomerReload(new CustomerId("b"), EditionChange.Withdrawn, 0, 0, 1)], reload.Changes);
        Assert.Equal(["db01"], reload.Retired.Select(i => i.Title));
        Assert.Contains(reload.Problems, p => p.Wrong == "customer `b` is no longer in the files" && p.Level == ProblemLevel.Note);
        Assert.Equal(["a"], desk.Running.Customers.Select(c => c.Id.Value));
        Reopen();
        Assert.Equal(["a"], desk.LoadAgreed(Now).Plan.Customers.Select(c => c.Id.Value));
        Assert.Equal(2, desk.Running.Revision);
    }

    [Theory]
    [InlineData(3, 3, "edition 3 was in force with another text")]
    [InlineData(3, 2, "edition 2 comes after edition 3")]
    [InlineData(3, 4, null)]
    public void An_edition_number_that_did_not_grow_is_noted(int first, int second, string? note)
    {
        Load(("a", $"edition: {first}\nhosts: {{ web01: {{ address: a.jp }} }}"));
        var reload = Load(("a", $"edition: {second}\nhosts: {{ web01: {{ address: b.jp }} }}"));
        Assert.True(reload.Accepted);
        Assert.Equal(note, reload.Problems.Select(p => p.Wrong).SingleOrDefault());
        var editions = db.Read(tx => new EditionStore().History(tx, All));
        Assert.Equal([(1, first), (2, second)], editions.Select(e => (e.Serial, e.Edition)));
        Assert.All(editions, e => Assert.Equal(("file owner", Now.Utc), (e.AcceptedBy, e.AcceptedUtc)));
        Assert.All(desk.Running.Items, i => Assert.Equal(second, i.Edition));
    }

    [Fact]
    public void Without_readable_files_the_agreed_plan_runs()
    {
        Load(("a", "hosts: { web01: { address: a.jp, checks: { http: {} } } }"), ("b", "hosts: { db01: { address: b.jp } }"));
        var before = desk.Running;
        Reopen();
        folder.Write("specs/a.yaml", "customer: a\nhosts: [");
        Assert.False(desk.Load([Path.Combine(folder.Path, "specs")], Now).Accepted);
        Assert.Same(DeskPlan.Empty, desk.Running);

        var agreed = desk.LoadAgreed(Now);
        Assert.True(agreed.Accepted);
        Assert.Equal(1, agreed.Plan.Revision);
        Assert.Equal(
            before.Items.OrderBy(i => i.Id.Value).Select(i => (i.Id, i.Title, i.Revision, i.Edition)),
            agreed.Plan.Items.OrderBy(i => i.Id.Value).Select(i => (i.Id, i.Title, i.Revision, i.Edition)));
        Assert.Equal(before.Customers.Select(c => c.Hash), agreed.Plan.Customers.Select(c => c.Hash));

        // The files come back as they were: nothing changes.
        folder.Write("specs/a.yaml", Text("a", "hosts: { web01: { address: a.jp, checks: { http: {} } } }"));
        Assert.True(desk.Load([Path.Combine(folder.Path, "specs")], Now) is { Accepted: true, Changed: false });
    }

    [Fact]
    public void Other_sites_of_the_provider_are_a_new_revision_for_those_who_take_them()
    {
        Load(("a", "hosts: { web01: { address: a.jp } }"), ("b", "sites: [tokyo]\nhosts: { db01: { address: b.jp } }"));
        desk = new EditionDesk(db, [SpecSamples.Tokyo]);
        var reload = Load(("a", "hosts: { web01: { address: a.jp } }"), ("b", "sites: [tokyo]\nhosts: { db01: { address: b.jp } }"));
        Assert.Equal((2, 1), (reload.Plan.Customers[0].Items.Single().Revision, reload.Plan.Customers[1].Items.Single().Revision));
        Assert.Equal(3, reload.Plan.Customers[0].Items.Single().Attempts);
        var refused = Load(("b", "sites: [osaka]\nhosts: { db01: { address: b.jp } }"));
        Assert.Contains(refused.Problems, p => p.Wrong == "`osaka` is not one of the provider's sites");
    }

    [Fact]
    public void The_text_of_every_edition_is_kept_within_its_customers_scope()
    {
        Load(("a", "hosts: { web01: { address: a.jp } }"));
        Load(("a", "hosts: { web01: { address: b.jp } }"));
        var store = new EditionStore();
        var a = new CustomerId("a");
        Assert.Contains("a.jp", Assert.Single(db.Read(tx => store.Sources(tx, Scope.Of(a), a, 1))!).Text, StringComparison.Ordinal);
        Assert.Contains("b.jp", Assert.Single(db.Read(tx => store.Sources(tx, All, a, 2))!).Text, StringComparison.Ordinal);
        Assert.Null(db.Read(tx => store.Sources(tx, Scope.Of(new CustomerId("b")), a, 1)));
        Assert.Empty(db.Read(tx => store.History(tx, Scope.Of(new CustomerId("b")))));
        Assert.Empty(db.Read(tx => store.InForce(tx, Scope.Of(new CustomerId("b")))));
        Assert.Empty(db.Read(tx => store.Items(tx, Scope.Of(new CustomerId("b")))));
    }

    private static string Text(string customer, string rest) =>
        $"customer: {customer}\nmailing_list: {{ address: {customer}@lists.jp, members: [{{ desk: true }}] }}\n{rest}\n";

    private SpecReload Load(params (string Customer, string Body)[] customers)
    {
        foreach (var (customer, rest) in customers)
        {
            folder.Write($"specs/{customer}.yaml", Text(customer, rest));
        }

        return desk.Load([Path.Combine(folder.Path, "specs")], Now);
    }

    private int Id(string title) => desk.Running.Items.Single(i => i.Title == title).Id.Value;

    private void Reopen()
    {
        db.Dispose();
        db = database.Open();
        desk = new EditionDesk(db, SpecSamples.Both);
    }
}

/// <summary>Editions on SQLite.</summary>
public sealed class EditionDeskTestsOnFile() : EditionDeskTests(Engine.File);

/// <summary>Editions on PostgreSQL.</summary>
public sealed class EditionDeskTestsOnServer() : EditionDeskTests(Engine.Server);
