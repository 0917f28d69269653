using System.Text.Json;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Storage;
using Hinoban.Tests.Storage;
using static Hinoban.Tests.Results.SomeHits;

namespace Hinoban.Tests.Results;

/// <summary>The table of log hits: each identity once per item, shown to its customer only, and gone in time.</summary>
public abstract class LogStoreTests : IDisposable
{
    private static readonly CustomerId Acme = new("acme");
    private static readonly ItemId Log = new(7);
    private static readonly Scope All = Scope.Across("test");

    private readonly DeskDatabase database;
    private readonly Db db;
    private readonly LogStore store = new();

    private protected LogStoreTests(Engine engine)
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
    public void Each_identity_is_taken_once_whoever_brings_it()
    {
        Assert.Equal([1, 2], Take("tokyo", Hit(1), Hit(2)));
        Assert.Equal([3], Take("osaka", Hit(2), Hit(3), Hit(1)));
        Assert.Equal([], Take("tokyo", Hit(3)));
        Assert.Equal([4], Take("tokyo", Hit(4), Hit(4)));
        Assert.Equal(["tokyo", "osaka", "tokyo", "tokyo"], Latest(All, Log).Select(t => t.Site.Value));
        Assert.Equal([1], db.Write(tx => store.Take(tx, Acme, new ItemId(8), new SiteName("tokyo"), [Hit(1)], Noon)).Select(Number));
    }

    [Fact]
    public void A_hit_comes_back_as_it_came()
    {
        var hit = Hit(1, CheckStatus.Critical, text: "行 <b>\n\u001b[31m\0 end", suppressed: 9);
        Take("tokyo", hit);
        var back = Assert.Single(Latest(All, Log));
        Assert.Equal(JsonSerializer.Serialize(hit), JsonSerializer.Serialize(back.Hit));
        Assert.Equal((new SiteName("tokyo"), Noon), (back.Site, back.TakenUtc));
    }

    [Fact]
    public void What_was_taken_belongs_to_its_incident_and_nobody_elses_is_touched()
    {
        Take("tokyo", Hit(1));
        db.Write(tx => { store.Assign(tx, Log, new IncidentId(5)); return 0; });
        Take("tokyo", Hit(2), Hit(3));
        db.Write(tx => { store.Assign(tx, Log, new IncidentId(6)); return 0; });
        Assert.Equal([1], Of(All, 5));
        Assert.Equal([3, 2], Of(All, 6));
        Assert.Equal([3], db.Read(tx => store.Of(tx, All, new IncidentId(6), null, 1)).Select(t => Number(t.Hit)));
    }

    [Fact]
    public void What_no_incident_has_recorded_yet_waits_in_the_order_in_which_it_came_and_is_shown_with_the_open_one()
    {
        Take("tokyo", Hit(2), Hit(1));
        db.Write(tx => { store.Assign(tx, Log, new IncidentId(5)); return 0; });
        Take("osaka", Hit(4), Hit(3));
        db.Write(tx => store.Take(tx, Acme, new ItemId(99), new SiteName("tokyo"), [Hit(5)], Noon));
        Assert.Equal(2, db.Read(tx => store.CountWaiting(tx, Log)));
        Assert.Equal([("osaka", 3), ("osaka", 4)], db.Read(tx => store.Waiting(tx, Log)).Select(t => (t.Site.Value, Number(t.Hit))));
        Assert.Equal([4, 3, 2, 1], db.Read(tx => store.Of(tx, All, new IncidentId(5), Log, 100)).Select(t => Number(t.Hit)));
        Assert.Equal([2, 1], Of(All, 5));
        Assert.Empty(db.Read(tx => store.Of(tx, Scope.Of(new CustomerId("other")), new IncidentId(5), Log, 100)));

        // What is passed over of one reading is nothing that waited before it.
        db.Write(tx => store.Take(tx, Acme, Log, new SiteName("tokyo"), [Hit(6, read: Noon.AddDays(-40))], Noon.AddHours(1)));
        db.Write(tx => { store.PassOver(tx, Log, Noon.AddDays(1), Noon.AddHours(1)); return 0; });
        Assert.Equal(2, db.Read(tx => store.CountWaiting(tx, Log)));
    }

    [Fact]
    public void Another_customer_sees_none()
    {
        Take("tokyo", Hit(1));
        db.Write(tx => { store.Assign(tx, Log, new IncidentId(5)); return 0; });
        Assert.Empty(Latest(Scope.Of(new CustomerId("other")), Log));
        Assert.Empty(Of(Scope.Of(new CustomerId("other")), 5));
        Assert.Equal([1], Of(Scope.Of(Acme), 5));
    }

    [Fact]
    public void What_is_old_goes_by_when_it_was_taken()
    {
        db.Write(tx => store.Take(tx, Acme, Log, new SiteName("tokyo"), [Hit(1, read: Noon.AddDays(-300))], Noon));
        db.Write(tx => store.Take(tx, Acme, Log, new SiteName("tokyo"), [Hit(2)], Noon.AddDays(1)));
        Assert.Equal(0, db.Write(tx => store.Prune(tx, Noon)));
        Assert.Equal(1, db.Write(tx => store.Prune(tx, Noon.AddTicks(10))));
        Assert.Equal([2], Latest(All, Log).Select(t => Number(t.Hit)));
    }

    private List<int> Take(string site, params LogHit[] hits) => [.. db.Write(tx => store.Take(tx, Acme, Log, new SiteName(site), hits, Noon)).Select(Number)];

    private IReadOnlyList<TakenHit> Latest(Scope scope, ItemId item) => db.Read(tx => store.Latest(tx, scope, item, 100));

    private List<int> Of(Scope scope, long incident) => [.. db.Read(tx => store.Of(tx, scope, new IncidentId(incident), null, 100)).Select(t => Number(t.Hit))];

    private static int Number(LogHit hit) => int.Parse(hit.Identity, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Log hits on SQLite.</summary>
public sealed class LogStoreTestsOnFile() : LogStoreTests(Engine.File);

/// <summary>Log hits on PostgreSQL.</summary>
public sealed class LogStoreTestsOnServer() : LogStoreTests(Engine.Server);
