using System.Diagnostics;
using Dapper;
using Hinoban.Basics;
using Hinoban.Checks;
using Hinoban.Flow;
using Hinoban.Results;
using Hinoban.Storage;
using static Hinoban.Tests.Flow.DeskBench;

namespace Hinoban.Tests.Flow;

/// <summary>A large batch with much to decide is taken in parts, each with the cursor in its transaction; between two of them people go first.</summary>
public sealed class BatchPartTests
{
    private const int Hosts = 100;

    [Theory]
    [InlineData(Hosts, "dead", 4)]
    [InlineData(BatchPart.Most, "dead", 1)]
    [InlineData(BatchPart.Most + 1, "dead", 2)]
    [InlineData(Hosts, "ok", 1)]
    [InlineData(Hosts, "history", 1)]
    public void A_part_has_so_many_results_with_something_to_decide_and_a_quiet_batch_is_one(int results, string what, int parts)
    {
        using var storm = Calm();
        using var commits = Commits.OfThisThread();
        var batch = Batch(storm, what == "ok" ? Ok : Dead, 7, Enumerable.Range(1, results)) with { Lane = what == "history" ? Lane.Backlog : Lane.Live };
        storm.Desk.Accept(batch);
        Assert.Equal(parts, commits.Seen);
        Assert.Equal(new BatchReceipt(1, 7), Cursor(storm));
        Assert.Equal([results], Samples(storm, 7));
        storm.Desk.Accept(batch);
        Assert.Equal([results], Samples(storm, 7));
    }

    /// <summary>Whatever part the desk's process died in, and before or after its commit: the batch comes again, and each of its results counts once.</summary>
    [Theory]
    [InlineData(nameof(Milestone.BatchBeforeCommit), 1, 0)]
    [InlineData(nameof(Milestone.BatchCommitted), 1, 32)]
    [InlineData(nameof(Milestone.BatchBeforeCommit), 2, 32)]
    [InlineData(nameof(Milestone.BatchCommitted), 3, 96)]
    [InlineData(nameof(Milestone.BatchBeforeCommit), 4, 96)]
    [InlineData(nameof(Milestone.BatchCommitted), 4, 100)]
    public void A_batch_that_was_broken_off_goes_on_where_it_was(string at, int part, int taken)
    {
        using var storm = Calm();
        var batch = Batch(storm, Dead, 7, Enumerable.Range(1, Hosts));
        using (var commits = Commits.OfThisThread())
        {
            commits.BreaksAt = (Enum.Parse<Milestone>(at), part);
            Assert.Throws<IOException>(() => storm.Desk.Accept(batch));
        }

        storm.Desk.Restart();
        Assert.Equal(taken, Failing(storm).Count);
        Assert.Equal(taken == Hosts ? 7 : 2, Cursor(storm).Sequence);
        storm.Desk.Accept(batch);
        Assert.Equal(Enumerable.Repeat(1L, Hosts), Failing(storm));
        Assert.Equal(new BatchReceipt(1, 7), Cursor(storm));
        Assert.Equal([Hosts], Samples(storm, 7));
    }

    /// <summary>A disk that takes one part and not the next, without an end of the process.</summary>
    [Fact]
    public void A_part_that_was_not_kept_comes_again_and_those_before_it_do_not()
    {
        using var storm = Calm();
        var batch = Batch(storm, Dead, 7, Enumerable.Range(1, Hosts));
        using (var commits = Commits.OfThisThread())
        {
            commits.BreaksAt = (Milestone.BatchBeforeCommit, 3);
            Assert.Throws<IOException>(() => storm.Desk.Accept(batch));
        }

        storm.Desk.Accept(batch);
        Assert.Equal(Enumerable.Repeat(1L, Hosts), Failing(storm));
        Assert.Equal(new BatchReceipt(1, 7), Cursor(storm));
    }

    /// <summary>The site gave the batch up, or begins anew: what was taken of that one says nothing of the next.</summary>
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 1)]
    public void The_next_batch_begins_at_its_beginning(long epoch, long sequence)
    {
        using var storm = Calm();
        using (var commits = Commits.OfThisThread())
        {
            commits.BreaksAt = (Milestone.BatchCommitted, 2);
            Assert.Throws<IOException>(() => storm.Desk.Accept(Batch(storm, Dead, 7, Enumerable.Range(1, Hosts))));
        }

        storm.Pass(15);
        storm.Desk.Accept(Batch(storm, Dead, sequence, Enumerable.Range(1, Hosts)) with { Epoch = epoch });
        Assert.Equal([.. Enumerable.Repeat(2L, 64), .. Enumerable.Repeat(1L, Hosts - 64)], Failing(storm));
        Assert.Equal(new BatchReceipt(epoch, sequence), Cursor(storm));
    }

    /// <summary>No beat comes while its batch is posted: however long the desk's disk takes over each part, the site is not silent for that.</summary>
    [Fact]
    public void A_site_whose_batch_is_being_taken_is_heard()
    {
        using var storm = Calm();
        using var commits = Commits.OfThisThread();
        commits.At = (milestone, part) =>
        {
            if (milestone == Milestone.BatchCommitted && part < 4)
            {
                storm.Desk.Clock.Advance(TimeSpan.FromSeconds(14));
            }
        };
        storm.Desk.Accept(Batch(storm, Dead, 7, Enumerable.Range(1, Hosts)));
        Assert.Equal(4, commits.Seen);
        Assert.Null(storm.Desk.Engine.Look((_, lines, now) => lines.Signal(Tokyo, now).SilentSince));
    }

    /// <summary>A person's command comes in the first of four parts; it finds that part done and no other.</summary>
    [Fact]
    public async Task A_command_waits_for_one_part_and_not_for_the_batch()
    {
        using var storm = Calm();
        var command = Task.FromResult(0L);
        using (var commits = Commits.OfThisThread())
        {
            commits.At = (milestone, part) =>
            {
                if ((milestone, part) == (Milestone.BatchBeforeCommit, 1))
                {
                    command = Task.Run(() => storm.Desk.Engine.Change(work => work.Tx.Connection.ExecuteScalar<long>(
                        "select begun_results from sites where site = 'tokyo' and sequence < 7", null, work.Tx.Transaction)));
                    SpinWait.SpinUntil(() => storm.Desk.Db.Turns.Waiting == 1, TimeSpan.FromSeconds(60));
                }
            };
            storm.Desk.Accept(Batch(storm, Dead, 7, Enumerable.Range(1, Hosts)));
            Assert.Equal(4, commits.Seen);
        }

        Assert.Equal(BatchPart.Most, await command.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(Hosts, Failing(storm).Count);
    }

    /// <summary>A site that falls silent makes time judge all of its items: in parts too, and hosts before their services, so that nothing opens a problem that belongs to its host.</summary>
    [Fact]
    public void What_time_alone_changes_is_judged_in_parts_and_hosts_before_their_services()
    {
        using var storm = new StormBench(StormBench.Of(StormBench.Plan(Hosts, services: 1) with { Grouped = false }));
        IReadOnlyList<int> all = [.. Enumerable.Range(1, Hosts), .. Enumerable.Range(100_001, Hosts)];
        storm.Both(Ok, all);
        for (var looks = 0; looks < 4; looks++)
        {
            storm.See(Tokyo, Dead, all.Reverse());
            storm.Desk.Pass(TimeSpan.FromSeconds(15), Tokyo);
        }

        storm.Desk.Pass(TimeSpan.FromSeconds(60), Tokyo);
        Assert.Equal(Hosts, storm.Incidents().Count);
        Assert.All(storm.Incidents(), i => Assert.True(i.Facts.IsHost));
        Assert.All(storm.Incidents(), i => Assert.True(i.Opening.SingleSite));
    }

    /// <summary>While it waits its looks grow older, as if it had been sent so much later.</summary>
    [Fact]
    public void What_waits_at_the_desk_ages()
    {
        using var storm = Calm();
        var batch = Batch(storm, Dead, 7, [1]);
        var age = batch.AgeOf(batch.Results[0]);
        Assert.Equal(age + TimeSpan.FromSeconds(2), batch.Aged(TimeSpan.FromSeconds(2)).AgeOf(batch.Results[0]));
        Assert.Same(batch, batch.Aged(TimeSpan.Zero));
    }

    private static StormBench Calm()
    {
        var storm = new StormBench(StormBench.Of(StormBench.Plan(Hosts)));
        storm.Both(Ok, Enumerable.Range(1, Hosts));
        return storm;
    }

    private static ResultBatch Batch(StormBench storm, LookAnswer answer, long sequence, IEnumerable<int> items)
    {
        var now = Moment.Of(storm.Desk.Clock);
        return new ResultBatch(
            Tokyo, 1, sequence, Lane.Live, now.Utc, now.Mono,
            [.. items.Select(i => new CheckResult(new ItemId(i), storm.Desk.Plan.Revision, LookCause.Scheduled, 0, 1, now.Utc, now.Mono, TimeSpan.FromMilliseconds(20), answer))],
            [], new SiteHealth(1, 1, 0, 1, 0, TimeSpan.Zero, TimeSpan.Zero, 0));
    }

    private static BatchReceipt Cursor(StormBench storm) => storm.Desk.Db.Read(tx => storm.Desk.Stores.Cursors.Receipt(tx, Tokyo));

    private static List<long> Samples(StormBench storm, long sequence) => storm.Desk.Db.Read(tx => tx.Connection.Query<long>(
        "select samples from sample_batches where site = 'tokyo' and epoch = 1 and sequence = @sequence", new { sequence }, tx.Transaction).ToList());

    // By item, how many looks of tokyo's in a row have failed.
    private static List<long> Failing(StormBench storm) => storm.Desk.Db.Read(tx => tx.Connection.Query<long>(
        "select failing_looks from site_views where site = 'tokyo' and failing_looks > 0 order by item", null, tx.Transaction).ToList());

    /// <summary>Counts the commits of this thread's transactions, and can break one off.</summary>
    private sealed class Commits : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly int thread = Environment.CurrentManagedThreadId;
        private readonly List<IDisposable> subscriptions = [];
        private int begun;

        internal int Seen { get; private set; }

        internal (Milestone At, int Part)? BreaksAt { get; set; }

        internal Action<Milestone, int> At { get; set; } = (_, _) => { };

        internal static Commits OfThisThread()
        {
            var commits = new Commits();
            commits.subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(commits));
            return commits;
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == Milestones.ListenerName)
            {
                subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (Environment.CurrentManagedThreadId != thread || !Enum.TryParse<Milestone>(value.Key, out var milestone) || milestone is not (Milestone.BatchBeforeCommit or Milestone.BatchCommitted))
            {
                return;
            }

            _ = milestone == Milestone.BatchCommitted ? ++Seen : ++begun;
            var part = milestone == Milestone.BatchCommitted ? Seen : begun;
            At(milestone, part);
            if (BreaksAt == (milestone, part))
            {
                throw new IOException("broken off");
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose() => subscriptions.ForEach(s => s.Dispose());
    }
}
