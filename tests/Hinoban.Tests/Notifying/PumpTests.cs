using FsCheck;
using FsCheck.Fluent;
using Hinoban.Incidents;
using Hinoban.Lab;
using Hinoban.Notifying;
using Hinoban.People;
using Hinoban.Tests.Storage;

namespace Hinoban.Tests.Notifying;

/// <summary>The pump under a clock in the test's hand: order, patience, crashes.</summary>
public abstract class PumpTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Engine engine;

    private protected PumpTests(Engine engine) => this.engine = engine;

    [Fact]
    public async Task One_bad_address_among_five_holds_back_nobody()
    {
        var relay = new LabRelay();
        relay.Next("c@example.test", MailFate.Never);
        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a", "b", "c", "d", "e"));
        await bench.QuietAsync();

        Assert.Equal(["Accepted", "Accepted", "Rejected", "Accepted", "Accepted"], bench.Rows.Select(r => r.State.ToString()));
        Assert.Equal("RecipientRefused: 550 never", bench.Rows[2].LastReply);
        Assert.Equal(5, bench.Settled.Count);
        Assert.All(bench.Settled.Where(s => s.Outcome == DeliveryOutcome.Accepted), s => Assert.StartsWith("Q", s.QueueId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_recovery_waits_for_its_own_recipients_alert_only()
    {
        var relay = new LabRelay();
        relay.Next("slow@example.test", MailFate.Later, MailFate.Later);
        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "slow", "quick"), PumpBench.Mail(1, "recovery.1", "slow", "quick"), PumpBench.Mail(2, "alert.1", "slow", "quick"));
        await bench.QuietAsync();

        Assert.Equal(["c.1.1.alert.1", "c.1.1.recovery.1", "c.2.1.alert.1"], relay.Taken.Where(t => t.Recipient.StartsWith("quick", StringComparison.Ordinal)).Select(t => t.About).Order());
        Assert.DoesNotContain(relay.Attempts, a => a.Recipient.StartsWith("slow", StringComparison.Ordinal) && a.About == "c.1.1.recovery.1");

        await bench.AdvanceAsync(TimeSpan.FromSeconds(30), Second);
        Assert.Equal(["c.1.1.alert.1", "c.1.1.recovery.1"], relay.Taken.Where(t => t.Recipient.StartsWith("slow", StringComparison.Ordinal) && t.About.StartsWith("c.1.", StringComparison.Ordinal)).Select(t => t.About));
        Assert.All(bench.Rows, r => Assert.Equal(DeliveryState.Accepted, r.State));
    }

    [Fact]
    public async Task Pauses_grow_as_promised()
    {
        var relay = new LabRelay();
        relay.Next("a@example.test", [.. Enumerable.Repeat(MailFate.Later, 9)]);
        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"));
        await bench.QuietAsync();

        var times = new List<int>();
        for (var n = 0; n < 9; n++)
        {
            var row = bench.Rows[0];
            times.Add((int)(row.NextUtc - bench.Clock.GetUtcNow()).TotalSeconds);
            var before = relay.Attempts.Count;
            bench.Clock.Advance(row.NextUtc - bench.Clock.GetUtcNow());
            await bench.InTimeAsync(() => relay.Attempts.Count > before, () => $"attempt {n}");
            await bench.QuietAsync();
        }

        Assert.Equal([5, 15, 30, 60, 120, 300, 300, 300, 300], times);
        Assert.Equal(DeliveryState.Accepted, bench.Rows[0].State);
        Assert.Equal(10, bench.Rows[0].Attempts);
    }

    [Fact]
    public async Task A_relay_that_is_away_is_asked_with_one_line_for_all_and_delivers_in_order_when_back()
    {
        var relay = new LabRelay { Up = false };
        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        bench.Add([.. Enumerable.Range(1, 20).Select(n => PumpBench.Mail(n, "alert.1", "a", "b"))]);
        await bench.AdvanceAsync(TimeSpan.FromMinutes(5), Second);
        bench.Add([.. Enumerable.Range(1, 20).Select(n => PumpBench.Mail(n, "recovery.1", "a", "b"))]);
        await bench.AdvanceAsync(TimeSpan.FromMinutes(5), Second);

        Assert.InRange(relay.Openings, 15, 30);
        var trouble = bench.Pump.Trouble();
        Assert.Equal((Sample.Detected, "ConnectFailed: ConnectionRefused", 80, 80), (trouble.RelayDownUtc, trouble.RelayReply, trouble.Waiting, trouble.Retrying));

        relay.Up = true;
        await bench.AdvanceAsync(TimeSpan.FromSeconds(31), Second);
        Assert.Equal(80, relay.Taken.Count);
        foreach (var incident in Enumerable.Range(1, 20))
        {
            foreach (var recipient in new[] { "a@example.test", "b@example.test" })
            {
                Assert.Equal(
                    [$"c.{incident}.1.alert.1", $"c.{incident}.1.recovery.1"],
                    relay.Taken.Where(t => t.Recipient == recipient && t.About.StartsWith($"c.{incident}.", StringComparison.Ordinal)).Select(t => t.About));
            }
        }

        Assert.Null(bench.Pump.Trouble().RelayDownUtc);

        // The outage was no attempt of theirs.
        Assert.All(bench.Rows, r => Assert.Equal(1, r.Attempts));
    }

    [Fact]
    public async Task A_new_mail_and_a_person_ask_an_absent_relay_at_once()
    {
        var relay = new LabRelay { Up = false };
        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"));
        await bench.QuietAsync();
        relay.Up = true;

        bench.Db.Write(tx => new OutboxQueue().HurryAll(tx, Scope.Across("test"), bench.Clock.GetUtcNow()));
        bench.Pump.Signal();
        await bench.InTimeAsync(() => bench.Rows[0].State == DeliveryState.Accepted, () => bench.Rows[0].ToString());

        relay.Up = false;
        bench.Add(PumpBench.Mail(2, "alert.1", "a"));
        await bench.QuietAsync();
        relay.Up = true;
        bench.Add(PumpBench.Mail(3, "alert.1", "a"));

        // The new mail found the relay back, and the one that had waited goes with it.
        await bench.InTimeAsync(() => bench.Rows.All(r => r.State == DeliveryState.Accepted), () => string.Join('\n', bench.Rows));
    }

    [Fact]
    public async Task Recipients_that_hang_do_not_take_all_lines_for_ever()
    {
        var relay = new LabRelay();
        foreach (var n in Enumerable.Range(0, 10))
        {
            relay.Next($"hang{n}@example.test", MailFate.Break, MailFate.Hang);
        }

        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", [.. Enumerable.Range(0, 10).Select(n => $"hang{n}")]));
        await bench.QuietAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(6));
        await bench.InTimeAsync(() => relay.Attempts.Count(a => a.Fate == MailFate.Hang) == 3, () => $"{relay.Attempts.Count} attempts");

        bench.Add(PumpBench.Mail(2, "alert.1", "fresh1", "fresh2", "fresh3"));
        await bench.InTimeAsync(() => relay.Taken.Count == 3, () => $"{relay.Taken.Count} taken");
        Assert.Equal(3, relay.Attempts.Count(a => a.Fate == MailFate.Hang));
        relay.Release();
        await bench.QuietAsync();
        Assert.All(bench.Rows, r => Assert.Equal(DeliveryState.Accepted, r.State));
    }

    [Fact]
    public async Task Nothing_to_do_costs_nothing()
    {
        var relay = new LabRelay();
        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        await bench.AdvanceAsync(TimeSpan.FromHours(10), TimeSpan.FromHours(1));
        Assert.Equal(0, relay.Openings);
    }

    [Fact]
    public async Task After_the_retry_time_it_is_given_up()
    {
        var relay = new LabRelay();
        relay.Next("a@example.test", [.. Enumerable.Repeat(MailFate.Later, 100)]);
        await using var bench = new PumpBench(relay, engine, Sample.Options() with { GiveUpAfter = TimeSpan.FromMinutes(3) });
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"), PumpBench.Mail(1, "recovery.1", "a"));
        await bench.AdvanceAsync(TimeSpan.FromMinutes(5), Second);

        Assert.Equal(DeliveryState.Expired, bench.Rows[0].State);
        Assert.Equal(DeliveryOutcome.Expired, bench.Settled.First().Outcome);
        Assert.Equal("RecipientRefused: 450 later", bench.Rows[0].LastReply);
    }

    [Fact]
    public async Task A_relay_that_never_answers_the_dot_does_not_keep_a_mail_alive_for_ever()
    {
        var relay = new LabRelay();
        relay.Next("a@example.test", [.. Enumerable.Repeat(MailFate.TakeSilently, 100)]);
        await using var bench = new PumpBench(relay, engine, Sample.Options() with { GiveUpAfter = TimeSpan.FromMinutes(3) });
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"));
        await bench.AdvanceAsync(TimeSpan.FromMinutes(10), Second);

        Assert.Equal((DeliveryState.Expired, true), (bench.Rows[0].State, bench.Rows[0].PossiblyTwice));
        Assert.Equal(DeliveryOutcome.Expired, Assert.Single(bench.Settled).Outcome);
    }

    [Fact]
    public async Task Without_records_an_unknown_is_sent_again_and_marked()
    {
        var relay = new LabRelay();
        relay.Next("a@example.test", MailFate.TakeSilently);
        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a", "b"));
        await bench.QuietAsync();
        Assert.True(bench.Rows[0].OutcomeUnknown);

        await bench.AdvanceAsync(TimeSpan.FromSeconds(6), Second);
        Assert.Equal((DeliveryState.Accepted, true, false), (bench.Rows[0].State, bench.Rows[0].PossiblyTwice, bench.Rows[0].OutcomeUnknown));
        Assert.False(bench.Rows[1].PossiblyTwice);
        Assert.Equal([false, true], bench.Settled.OrderBy(s => s.PossiblyTwice).Select(s => s.PossiblyTwice));
        Assert.Equal(2, relay.Taken.Count(t => t.Recipient == "a@example.test"));
    }

    [Fact]
    public async Task A_crash_in_the_middle_is_found_at_start()
    {
        var relay = new LabRelay();
        await using var bench = new PumpBench(relay, engine);
        bench.Add(PumpBench.Mail(1, "alert.1", "a", "b"));
        bench.MarkSending(1);
        bench.Start();
        await bench.QuietAsync();

        Assert.Equal([true, false], bench.Rows.Select(r => r.PossiblyTwice));
        Assert.All(bench.Rows, r => Assert.Equal(DeliveryState.Accepted, r.State));
    }

    [Fact]
    public async Task What_cannot_be_settled_is_settled_later_and_not_sent_again()
    {
        var relay = new LabRelay();
        await using var bench = new PumpBench(relay, engine);
        var failures = 3;
        var accepted = (DateTimeOffset?)null;
        bench.OnSettled = _ =>
        {
            accepted ??= bench.Clock.GetUtcNow();
            if (Interlocked.Decrement(ref failures) >= 0)
            {
                throw new InvalidOperationException("disk full");
            }
        };
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"));
        await bench.InTimeAsync(() => Volatile.Read(ref failures) == 2, () => bench.Rows[0].ToString());
        Assert.NotEqual(DeliveryState.Accepted, bench.Rows[0].State);

        await bench.InTimeAsync(() => bench.Rows[0].State == DeliveryState.Accepted, () => bench.Rows[0].ToString());
        Assert.Single(relay.Taken);
        Assert.Equal(accepted, Assert.Single(bench.Settled).AtUtc);
        Assert.True(bench.Clock.GetUtcNow() > accepted);
    }

    [Fact]
    public async Task A_list_address_that_is_none_is_rejected_and_not_tried_for_ever()
    {
        await using var bench = new PumpBench(new LabRelay(), engine);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a") with { ListAddress = "no address" });
        await bench.QuietAsync();
        Assert.Equal(DeliveryState.Rejected, bench.Rows[0].State);
    }

    [Fact]
    public async Task Stopping_lets_a_dialogue_end()
    {
        var relay = new LabRelay();
        relay.Next("a@example.test", MailFate.Hang);
        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        bench.Add(PumpBench.Mail(1, "alert.1", "a"));
        await bench.InTimeAsync(() => !relay.Attempts.IsEmpty, () => "no attempt");
        var stopping = bench.StopAsync();
        Assert.False(stopping.IsCompleted);
        relay.Release();
        await stopping;
        Assert.Equal(DeliveryState.Accepted, bench.Rows[0].State);
    }

    [Fact]
    public void Whatever_the_relay_does_every_thread_stays_in_order_and_everything_is_settled_once()
    {
        var fates = Gen.Frequency((6, Gen.Constant(MailFate.Accept)), (3, Gen.Constant(MailFate.Later)), (1, Gen.Constant(MailFate.Never)), (2, Gen.Constant(MailFate.Break)), (2, Gen.Constant(MailFate.TakeSilently)), (1, Gen.Constant(MailFate.LoseSilently)));
        var scripts = fates.ListOf(8).ArrayOf(3);
        var mails = Gen.Zip(Gen.Choose(1, 3), Gen.Choose(1, 7)).ListOf(8);
        var outages = Gen.Elements(0, 0, 1, 2).ListOf(8);
        var cases = Gen.Zip(Gen.Zip(scripts, mails), outages);
        Prop.ForAll(cases.ToArbitrary(), c => PlayAsync(c.Item1.Item1, [.. c.Item1.Item2], [.. c.Item2]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(engine == Engine.File ? 60 : 10));
    }

    // Recipients are the bits of a mail's second number; an outage before a mail lasts so many times 7 s.
    private async Task PlayAsync(IEnumerable<MailFate>[] scripts, List<(int Incident, int Recipients)> mails, List<int> outages)
    {
        string[] names = ["a", "b", "c"];
        var relay = new LabRelay();
        names.Zip(scripts).ToList().ForEach(s => relay.Next($"{s.First}@example.test", [.. s.Second]));
        await using var bench = new PumpBench(relay, engine);
        bench.Start();
        for (var at = 0; at < mails.Count; at++)
        {
            relay.Up = outages[at] == 0;
            var (incident, recipients) = mails[at];
            bench.Add(PumpBench.Mail(incident, $"update.{at}", [.. names.Where((_, bit) => (recipients & (1 << bit)) != 0)]));
            await bench.AdvanceAsync(TimeSpan.FromSeconds(outages[at] * 7), TimeSpan.FromSeconds(7));
        }

        relay.Up = true;
        await bench.AdvanceAsync(TimeSpan.FromMinutes(40), TimeSpan.FromSeconds(60));

        var rows = bench.Rows;
        Assert.All(rows, r => Assert.True(r.State is DeliveryState.Accepted or DeliveryState.Rejected, r.ToString()));
        Assert.Equal(rows.Count, bench.Settled.Count);
        Assert.Equal(rows.Count, bench.Settled.Select(s => (s.MailKey, s.Recipient)).Distinct().Count());
        foreach (var thread in rows.GroupBy(r => (r.Incident, r.Recipient)))
        {
            // Every attempt of a thread comes before every attempt of the next mail in it.
            var keys = thread.Select(r => r.MailKey).ToList();
            var order = relay.Attempts.Where(a => a.Recipient == thread.Key.Recipient && keys.Contains(a.About)).Select(a => keys.IndexOf(a.About)).ToList();
            Assert.Equal(order.Order(), order);
        }

        foreach (var row in rows)
        {
            var taken = relay.Taken.Count(t => t == (row.Recipient, row.MailKey));
            Assert.True(row.State == DeliveryState.Rejected || taken >= 1, row.ToString());
            Assert.True(taken <= 1 || row.PossiblyTwice, $"{taken} times, not marked: {row}");
            Assert.Equal(relay.Attempts.Any(a => a.Recipient == row.Recipient && a.About == row.MailKey && a.Fate is (MailFate.TakeSilently or MailFate.LoseSilently)), row.PossiblyTwice);
        }
    }
}

/// <summary>The pump on SQLite.</summary>
public sealed class PumpTestsOnFile() : PumpTests(Engine.File);

/// <summary>The pump on PostgreSQL.</summary>
public sealed class PumpTestsOnServer() : PumpTests(Engine.Server);
