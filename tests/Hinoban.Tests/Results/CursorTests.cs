using System.Security.Cryptography;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Results;

/// <summary>The desk's cursor per site: counts each batch once, knows gaps, and lets a new spool begin anew.</summary>
public abstract class CursorTests : IDisposable
{
    private static readonly Moment Now = new(DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1));

    private readonly CountingDoor desk;

    private protected CursorTests(Engine engine) => desk = new CountingDoor(engine);

    public void Dispose() => desk.Dispose();

    [Theory]
    [InlineData("1/1 1/2 1/3", "+ + +", 0)]
    [InlineData("1/1 1/1 1/2 1/1", "+ - + -", 0)]
    [InlineData("1/1 1/4 1/3", "+ + -", 2)]
    [InlineData("1/5 2/1 1/6 2/2", "+ + - +", 0)]
    [InlineData("1/5 2/3", "+ +", 2)]
    [InlineData("9/1 3/1 3/2 10/1", "+ - - +", 0)]
    public void A_batch_counts_once(string batches, string counted, long gaps)
    {
        var outcome = batches.Split(' ').Select(b => desk.Db.Write(tx => desk.Cursors.Advance(tx, Batch(b))) ? "+" : "-");
        Assert.Equal(counted, string.Join(' ', outcome));
        Assert.Equal(gaps, desk.Db.Read(desk.Cursors.All).Single().Gaps);
    }

    [Fact]
    public void Sites_do_not_disturb_each_other_and_the_receipt_is_the_cursor()
    {
        Assert.True(desk.Db.Write(tx => desk.Cursors.Advance(tx, Batch("7/3"))));
        Assert.True(desk.Db.Write(tx => desk.Cursors.Advance(tx, Batch("2/1") with { Site = new SiteName("osaka") })));
        Assert.Equal(new BatchReceipt(7, 3), desk.Db.Read(tx => desk.Cursors.Receipt(tx, Some.Tokyo)));
        Assert.Equal(new BatchReceipt(0, 0), desk.Db.Read(tx => desk.Cursors.Receipt(tx, new SiteName("nagoya"))));
        Assert.Equal(["osaka", "tokyo"], desk.Db.Read(desk.Cursors.All).Select(c => c.Site.Value));
    }

    [Fact]
    public void A_transaction_that_fails_counts_nothing()
    {
        Assert.Throws<InvalidOperationException>(() => desk.Db.Write(tx =>
        {
            Assert.True(desk.Cursors.Advance(tx, Batch("1/1")));
            throw new InvalidOperationException("later in the batch");
        }));
        Assert.True(desk.Db.Write(tx => desk.Cursors.Advance(tx, Batch("1/1"))));
    }

    [Fact]
    public void A_site_whose_keys_are_all_revoked_begins_anew_with_the_next()
    {
        var keys = new SiteKeyStore(desk.Db, TimeProvider.System);
        using var stolen = ECDsa.Create();
        using var spare = ECDsa.Create();
        using var fresh = ECDsa.Create();
        desk.Db.Write(tx => keys.Add(tx, Some.Tokyo, stolen, Now.Utc));
        Assert.True(desk.Db.Write(tx => desk.Cursors.Advance(tx, Batch("1/1") with { Epoch = long.MaxValue, Sequence = long.MaxValue })));
        desk.Db.Write(tx => keys.Add(tx, Some.Tokyo, spare, Now.Utc));
        Assert.False(desk.Db.Write(tx => desk.Cursors.Advance(tx, Batch("5/1"))));

        desk.Db.Write(tx => keys.Revoke(tx, Some.Tokyo, "", Now.Utc));
        desk.Db.Write(tx => keys.Add(tx, Some.Tokyo, fresh, Now.Utc));
        Assert.True(desk.Db.Write(tx => desk.Cursors.Advance(tx, Batch("5/1"))));
    }

    private static ResultBatch Batch(string place)
    {
        var parts = place.Split('/');
        return Some.Batch(int.Parse(parts[1]), Now, Some.Result(1, Now)) with { Epoch = int.Parse(parts[0]) };
    }
}

/// <summary>Cursors on SQLite.</summary>
public sealed class CursorTestsOnFile() : CursorTests(Engine.File);

/// <summary>Cursors on PostgreSQL.</summary>
public sealed class CursorTestsOnServer() : CursorTests(Engine.Server);
