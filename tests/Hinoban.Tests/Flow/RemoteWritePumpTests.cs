using System.Net;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Tests.Results;
using Hinoban.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Flow;

/// <summary>Samples are sent on each once, whatever the receiver does and whenever the desk ends.</summary>
public abstract class RemoteWritePumpTests : IDisposable
{
    private static readonly Moment Start = new(new DateTimeOffset(2026, 4, 14, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(3));

    private readonly CountingDoor desk;
    private readonly PlayedReceiver receiver = new();

    private protected RemoteWritePumpTests(Engine engine) => desk = new CountingDoor(engine);

    public void Dispose()
    {
        desk.Dispose();
        receiver.Dispose();
    }

    [Fact]
    public async Task Each_sample_is_sent_under_its_names()
    {
        await PostAsync(1, At(1, 0, "'a b'=5%;80;90 time=0.5s"));
        Assert.Null(await PassAsync());
        Assert.Equal(
            [
                "__name__=hinoban_latency_seconds customer=sample-trading host=web1 service=http site=tokyo",
                "__name__=hinoban_status customer=sample-trading host=web1 service=http site=tokyo",
                "__name__=hinoban_value customer=sample-trading host=web1 metric=a b service=http site=tokyo unit=%",
                "__name__=hinoban_value customer=sample-trading host=web1 metric=time service=http site=tokyo unit=s",
            ],
            receiver.Taken.Select(g => g.Series).Order(StringComparer.Ordinal));
        Assert.Contains(receiver.Taken, g => g is { Value: 5, At: var at } && at == Start.Utc.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task None_is_sent_twice_and_none_left_out_though_the_desk_ends_between()
    {
        for (var minute = 0; minute < 60; minute++)
        {
            await PostAsync(minute + 1, At(1, minute), At(2, minute));
            if (minute % 7 == 0)
            {
                // A pump that knows nothing but what the database has.
                await PassAsync();
            }
        }

        await PassAsync();
        Assert.Equal(240, receiver.Taken.Count);
        Assert.Equal(240, receiver.Taken.Distinct().Count());
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(401)]
    public async Task A_receiver_that_takes_none_now_gets_all_of_them_later(int status)
    {
        receiver.Answer = _ => (HttpStatusCode)status;
        await PostAsync(1, At(1, 0));
        var pump = Pump();
        Assert.InRange((await pump.PassAsync(TestContext.Current.CancellationToken))!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        await PostAsync(2, At(1, 3));
        Assert.InRange((await pump.PassAsync(TestContext.Current.CancellationToken))!.Value, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(10));
        Assert.Equal((0, 0, 2), (pump.View.Sent, pump.View.Dropped, pump.View.Waiting));
        Assert.Equal($"HTTP {status}", pump.View.Trouble);

        // Moved meanwhile, and yet not lost to the receiver.
        Move();
        receiver.Answer = _ => HttpStatusCode.OK;
        Assert.Null(await pump.PassAsync(TestContext.Current.CancellationToken));
        Assert.Equal((2, 0, 0, null), (pump.View.Sent, pump.View.Dropped, pump.View.Waiting, pump.View.Trouble));
        Assert.Equal(4, receiver.Taken.Count);
        await PostAsync(3, At(1, 6));
        Move();
        await PassAsync();
        Assert.Equal(0, desk.Db.Read(tx => Dapper.SqlMapper.ExecuteScalar<long>(tx.Connection, "select count(*) from sample_batches")));
    }

    [Fact]
    public async Task What_the_receiver_refuses_is_found_counted_and_left_out_alone()
    {
        receiver.Answer = samples => samples.Any(s => s.Value == 666) ? HttpStatusCode.BadRequest : HttpStatusCode.OK;
        await PostAsync(1, [.. Enumerable.Range(1, 50).Select(i => At(i, 0, i == 17 ? "x=666" : "x=1"))]);
        var pump = Pump();
        Assert.Null(await pump.PassAsync(TestContext.Current.CancellationToken));
        Assert.Equal((49, 1), (pump.View.Sent, pump.View.Dropped));
        Assert.Equal(149, receiver.Taken.Distinct().Count());
        Assert.Equal((49, 1), await PassAsync() is null ? (pump.View.Sent, pump.View.Dropped) : default);
    }

    [Fact]
    public async Task A_receiver_that_refuses_everything_is_not_asked_for_ever()
    {
        receiver.Answer = _ => HttpStatusCode.BadRequest;
        await PostAsync(1, [.. Enumerable.Range(1, 2_000).Select(i => At(i, 0))]);
        var pump = Pump();
        Assert.Null(await pump.PassAsync(TestContext.Current.CancellationToken));
        Assert.Equal((0, 2_000, 0), (pump.View.Sent, pump.View.Dropped, pump.View.Waiting));
    }

    [Fact]
    public async Task A_batch_that_cannot_be_read_holds_up_none_behind_it()
    {
        await PostAsync(1, At(1, 0), At(2, 0));
        desk.Db.Write(tx => Dapper.SqlMapper.Execute(tx.Connection, "update sample_batches set body = @body", new { body = new byte[] { 99 } }, tx.Transaction));
        await PostAsync(2, At(1, 3));
        await desk.AcceptAsync(Some.Batch(1, Start, At(1, 4)) with { Site = new SiteName("yokohama") }, default);
        var pump = Pump();
        Assert.Null(await pump.PassAsync(TestContext.Current.CancellationToken));
        Assert.Equal((2, 2, 0), (pump.View.Sent, pump.View.Dropped, pump.View.Waiting));
    }

    [Fact]
    public async Task Samples_of_items_that_are_gone_are_counted_as_dropped()
    {
        await PostAsync(1, At(1, 0), At(99_999, 0));
        var pump = Pump();
        await pump.PassAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (pump.View.Sent, pump.View.Dropped));
    }

    [Fact]
    public async Task Of_too_many_that_wait_the_oldest_are_given_up()
    {
        receiver.Answer = _ => HttpStatusCode.ServiceUnavailable;
        for (var minute = 0; minute < 200; minute++)
        {
            await PostAsync(minute + 1, At(1, minute));
        }

        using var pump = new RemoteWritePump(desk.Db, Link(), Item, TimeProvider.System, NullLogger<RemoteWritePump>.Instance) { MostWaiting = 100 };
        Assert.NotNull(await pump.PassAsync(TestContext.Current.CancellationToken));
        Assert.Equal((0, 100, 100), (pump.View.Sent, pump.View.Dropped, pump.View.Waiting));
    }

    [Fact]
    public async Task Of_two_values_of_one_time_the_last_is_sent()
    {
        await PostAsync(1, At(1, 0, "x=1"), At(1, 0, "x=2"));
        await PassAsync();
        Assert.Equal(2, Assert.Single(receiver.Taken, g => g.Series.Contains("metric=x", StringComparison.Ordinal)).Value);
    }

    private RemoteWritePump Pump() => new(desk.Db, Link(), Item, TimeProvider.System, NullLogger<RemoteWritePump>.Instance);

    private RemoteWriteLink Link() => new(new RemoteWriteOptions(receiver.Url, null, null, null), TimeProvider.System);

    private async Task<TimeSpan?> PassAsync()
    {
        using var pump = Pump();
        return await pump.PassAsync(TestContext.Current.CancellationToken);
    }

    private void Move()
    {
        foreach (var _ in new SampleMoving(desk.Db, _ => TimeSpan.FromMinutes(3)).Steps(Start.Utc + TimeSpan.FromDays(2), Start.Utc - TimeSpan.FromDays(1), stays: true))
        {
        }
    }

    private static ItemPlan? Item(int id) => id > 10_000 ? null : new ItemPlan(
        new ItemId(id), new CustomerId("sample-trading"), $"web{id}", "http", "192.0.2.1", new TcpLookPlan(80, null, null), TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(15), [], null, 1, 1);

    private Task PostAsync(long sequence, params CheckResult[] results) => desk.AcceptAsync(Some.Batch(sequence, Start, results), default);

    private static CheckResult At(int item, double minute, string perfdata = "") => Some.Result(item, Start + TimeSpan.FromMinutes(minute), perfdata: perfdata);
}

/// <summary>Over SQLite.</summary>
public sealed class RemoteWritePumpTestsOnFile() : RemoteWritePumpTests(Engine.File);

/// <summary>Over PostgreSQL.</summary>
public sealed class RemoteWritePumpTestsOnServer() : RemoteWritePumpTests(Engine.Server);
