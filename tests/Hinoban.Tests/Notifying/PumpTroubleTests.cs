using Dapper;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.Storage;
using Hinoban.Tests.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hinoban.Tests.Notifying;

/// <summary>No trouble makes the pump go round without a pause, and none leaves a row behind.</summary>
public sealed class PumpTroubleTests
{
    private const string To = "a@example.test";

    [Theory]
    [InlineData(-3600, false, "Accepted, possibly twice", 1)] // the log covers the time, but after a step it proves no absence
    [InlineData(-3600, true, "Accepted, looked up", 0)]
    [InlineData(-172_800, true, "Accepted, looked up", 0)]
    [InlineData(-301, false, "Accepted, possibly twice", 1)]
    [InlineData(-10, false, "Accepted, possibly twice", 1)]
    [InlineData(-9, false, "Waiting", 0)]
    [InlineData(0, false, "Waiting", 0)]
    [InlineData(9, false, "Waiting", 0)]
    [InlineData(9, true, "Accepted, looked up", 0)]
    [InlineData(3600, false, "Accepted", 1)]
    internal async Task A_row_that_a_crash_left_is_claimed_once_however_the_clock_was_set(int step, bool took, string stands, int sent)
    {
        var log = Path.GetTempFileName();
        try
        {
            var options = Sample.Options(relayLog: log);
            var relay = new LabRelay();
            await using var bench = new PumpBench(relay, Engine.File, options);
            var mail = PumpBench.Mail(1, "alert.1", "a");
            bench.Add(mail);
            bench.MarkSending(1);
            WriteLog(log, mail, options, took, bench.Clock.GetUtcNow().AddSeconds(step));
            bench.Clock.StepWall(TimeSpan.FromSeconds(step));

            Assert.Equal(1, await ClaimsAsync(bench, relay, options));
            var row = Assert.Single(bench.Rows);
            Assert.Equal((stands, sent), ($"{row.State}{(row.LookedUp ? ", looked up" : "")}{(row.PossiblyTwice ? ", possibly twice" : "")}", relay.Taken.Count));

            // What it was too early for comes in its time, and once.
            bench.Clock.Advance(TimeSpan.FromSeconds(21));
            Assert.Equal(stands == "Waiting" ? 1 : 0, await ClaimsAsync(bench, relay, options));
            Assert.Equal((DeliveryState.Accepted, took ? 0 : 1), (bench.Rows[0].State, relay.Taken.Count));
        }
        finally
        {
            File.Delete(log);
        }
    }

    [Fact]
    internal async Task A_recipient_that_the_first_puts_off_while_the_second_is_away_keeps_its_pauses()
    {
        var (first, second) = (new LabRelay(), new LabRelay { Up = false });
        first.Next(To, [.. Enumerable.Repeat(MailFate.Later, 40)]);
        await using var bench = new PumpBench(first, Engine.File, Sample.Options() with { Second = Sample.Options() }, second);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"));
        await bench.AdvanceAsync(TimeSpan.FromMinutes(8), TimeSpan.FromSeconds(5));
        Assert.Equal(DeliveryState.Waiting, bench.Rows[0].State);
        Assert.InRange(first.Attempts.Count, 6, 9);

        second.Up = true;
        await bench.AdvanceAsync(TimeSpan.FromMinutes(12), TimeSpan.FromSeconds(15));
        Assert.Equal((DeliveryState.Accepted, RelayRank.Second), (bench.Rows[0].State, bench.Rows[0].Relay));
        Assert.InRange(first.Attempts.Count, 6, 11);
    }

    [Fact]
    internal async Task A_second_relay_that_nobody_has_a_way_to_is_none()
    {
        var relay = new LabRelay();
        relay.Always(To, MailFate.Never);
        await using var bench = new PumpBench(relay, Engine.File, Sample.Options() with { Second = Sample.Options() });
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a", "b"));
        await PumpBench.UntilAsync(() => relay.Attempts.Count(a => a.Recipient == To) > 3 || bench.Rows.All(r => r.SettledUtc is not null), () => string.Join('\n', bench.Rows));
        Assert.Equal([DeliveryState.Rejected, DeliveryState.Accepted], bench.Rows.Select(r => r.State));
        Assert.Single(relay.Attempts, a => a.Recipient == To);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    internal async Task A_relay_that_is_back_is_known_to_be_back_though_no_mail_goes_by_it(bool hasSecond)
    {
        var (first, second) = (new LabRelay { Up = false }, new LabRelay());
        await using var bench = hasSecond
            ? new PumpBench(first, Engine.File, Sample.Options() with { Second = Sample.Options() }, second)
            : new PumpBench(first, Engine.File);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"));
        await bench.AdvanceAsync(TimeSpan.FromMinutes(8), TimeSpan.FromSeconds(5));
        bench.Db.Write(tx => OutboxStore.GiveUp(tx, bench.Rows[0].Id, "withdrawn", bench.Clock.GetUtcNow()));
        Assert.Equal(hasSecond ? DeliveryState.Accepted : DeliveryState.Expired, bench.Rows[0].State);
        Assert.NotNull(bench.Pump.Trouble().RelayDownUtc);
        var openings = first.Openings;

        first.Up = true;
        await PumpBench.UntilAsync(() => bench.Pump.Trouble().RelayDownUtc is null, () => $"{bench.Pump.Trouble()}", _ => bench.Clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Empty(first.Taken);
        Assert.True(first.Openings > openings);
    }

    [Fact]
    internal async Task A_row_that_cannot_be_put_back_is_put_back_when_the_database_takes_it_again()
    {
        var relay = new LabRelay();
        relay.Next(To, MailFate.Later);
        var log = new Counting();
        await using var bench = new PumpBench(relay, Engine.File) { Log = log };
        Run(bench.Db, "create trigger disk_full before update on outbox_deliveries when new.state = 'waiting' begin select raise(abort, 'disk full'); end");
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"), PumpBench.Mail(1, "recovery.1", "a"));
        await PumpBench.UntilAsync(() => log.Failures >= 3, () => $"{log.Failures} failures", _ => bench.Clock.Advance(TimeSpan.FromMilliseconds(200)));
        Assert.Equal([DeliveryState.Sending, DeliveryState.Waiting], bench.Rows.Select(r => r.State));

        Run(bench.Db, "drop trigger disk_full");
        await PumpBench.UntilAsync(() => bench.Rows.All(r => r.State == DeliveryState.Accepted), () => string.Join('\n', bench.Rows), _ => bench.Clock.Advance(TimeSpan.FromMilliseconds(200)));
        Assert.Equal(["c.1.1.alert.1", "c.1.1.recovery.1"], relay.Taken.Select(t => t.About));
        Assert.Equal([true, false], bench.Rows.Select(r => r.PossiblyTwice));
    }

    // The turns of a pump at an instant that does not pass: whatever is due then, until nothing is, but not for ever.
    private static async Task<int> ClaimsAsync(PumpBench bench, LabRelay relay, MailOptions options)
    {
        var (queue, now) = (new OutboxQueue(), bench.Clock.GetUtcNow());
        await using var ways = new RelayWays(new RelayWay(RelayRank.First, relay, new RelayRecords(options.RelayLog), options, bench.Clock), null, options.SecondAfter);
        var delivery = new OutboxDelivery(bench.Db, queue, ways, options, bench.Clock, (_, _) => { }, NullLogger.Instance);
        bench.Db.Write(tx => queue.Revive(tx, now));
        var claims = 0;
        while (claims < 20 && bench.Db.Write(tx => queue.Claim(tx, now, 1, 1, ways.Choose)) is [var claim])
        {
            claims++;
            await delivery.RunAsync(claim, CancellationToken.None);
        }

        return claims;
    }

    private static void WriteLog(string log, OutboxMail mail, MailOptions options, bool took, DateTimeOffset now)
    {
        var at = Sample.Detected;
        var sender = MailNames.EnvelopeSender(mail.ListAddress, 1, options.Domain, options.Seal);
        string[] taken = [$"{at:O} mx postfix/cleanup[7]: A1: message-id={MailNames.MessageId(mail.Key, options.Domain)}", $"{at:O} mx postfix/qmgr[6]: A1: from=<{sender}>, size=900, nrcpt=1 (queue active)"];
        File.WriteAllLines(log, [$"{at.AddDays(-9):O} mx postfix/anvil[9]: statistics", .. took ? taken : [], $"{now:O} mx postfix/smtpd[8]: connect from localhost[127.0.0.1]"]);
    }

    private static void Run(Db db, string sql) => db.Write(tx => tx.Connection.Execute(sql, null, tx.Transaction));

    private sealed class Counting : ILogger<OutboxPump>
    {
        private int failures;

        internal int Failures => Volatile.Read(ref failures);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
            {
                Interlocked.Increment(ref failures);
            }
        }
    }
}
