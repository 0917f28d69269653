using Dapper;
using Hinoban.Basics;
using Hinoban.Results;
using Hinoban.Specs;
using Microsoft.Data.Sqlite;

namespace Hinoban.Tests.Results;

/// <summary>The spool keeps what it took, through crashes at any step, and gives it out in order.</summary>
public sealed class SpoolTests
{
    private readonly HandClock clock = new();

    private Moment Now => Moment.Of(clock);

    [Fact]
    public async Task A_result_that_was_added_survives_a_crash_right_after()
    {
        await using var site = new SpoolFile(clock);
        await site.Spool.AddAsync(Some.Wild(new Random(1)));
        await using var after = site.Crash();
        Assert.Equal([Some.Wild(new Random(1)) with { StartedMono = SpooledBatch.UnknownMono }], after.Spool.Next()!.Results);
    }

    [Fact]
    public async Task Results_that_end_together_share_a_commit_and_keep_their_order()
    {
        await using var site = new SpoolFile(clock);
        var first = site.Spool.AddAsync(Some.Result(0, Now));
        await first;
        var rest = Enumerable.Range(1, 400).Select(i => site.Spool.AddAsync(Some.Result(i, Now)).AsTask()).ToList();
        Assert.DoesNotContain(rest, r => r.IsCompleted);
        var all = Task.WhenAll(rest);
        await clock.UntilAsync(() => all.IsCompleted, TimeSpan.FromMilliseconds(50));
        await all;
        Assert.Equal(2, site.Db.Read(tx => tx.Connection.ExecuteScalar<long>("select count(*) from spool_chunks")));
        Assert.Equal(Enumerable.Range(0, 401), site.Spool.Next()!.Results.Select(r => r.Item.Value));
    }

    [Fact]
    public async Task A_batch_is_the_same_until_its_receipt_is_noted()
    {
        await using var site = new SpoolFile(clock);
        await site.Spool.AddAsync(Some.Result(1, Now));
        var batch = site.Spool.Next()!;
        var more = site.Spool.AddAsync(Some.Result(2, Now)).AsTask();
        await clock.UntilAsync(() => more.IsCompleted, TimeSpan.FromMilliseconds(50));
        await more;
        Assert.Equal([1], site.Spool.Next()!.Results.Select(r => r.Item.Value));
        await using var after = site.Crash();
        var again = after.Spool.Next()!;
        Assert.Equal((batch.Sequence, Lane.Backlog), (again.Sequence, again.Lane));
        Assert.Equal(batch.Results.Select(r => r.Item), again.Results.Select(r => r.Item));
        Assert.Equal(ReceiptMeaning.Taken, after.Spool.Note(new BatchReceipt(after.Spool.Epoch, batch.Sequence)));
        Assert.Equal([2], after.Spool.Next()!.Results.Select(r => r.Item.Value));
        Assert.Equal(batch.Sequence + 1, after.Spool.Next()!.Sequence);
    }

    [Fact]
    public async Task A_result_that_is_posted_at_once_costs_one_transaction_and_so_does_the_end_of_the_batch_before()
    {
        await using var site = new SpoolFile(clock);
        site.Spool.TakesNow = () => true;
        await site.Spool.AddAsync(Some.Result(1, Now));
        Assert.Equal(1, Rows(site, "sequence = 1"));
        await using var after = site.Crash();
        Assert.Equal([1], after.Spool.Next()!.Results.Select(r => r.Item.Value));
        var batch = site.Spool.Next()!;
        Assert.Equal(ReceiptMeaning.Taken, site.Spool.Note(new BatchReceipt(site.Spool.Epoch, batch.Sequence)));
        Assert.Equal((0, null), (site.Spool.Waiting, site.Spool.Next()));
        clock.Advance(TimeSpan.FromSeconds(1));
        await site.Spool.AddAsync(Some.Result(2, Now));
        Assert.Equal((1, 1), (Rows(site, "sequence = 2"), Rows(site, "1 = 1")));
        Assert.Equal((2, 1), (site.Spool.Next()!.Sequence, site.Spool.Waiting));
    }

    [Fact]
    public async Task A_result_that_is_posted_at_once_costs_one_statement()
    {
        await using var site = new SpoolFile(clock);
        site.Spool.TakesNow = () => true;
        await site.Spool.AddAsync(Some.Result(1, Now));
        var statements = new List<string>();
        var trace = site.Db.Write(tx =>
        {
            var sqlite = (SqliteConnection)tx.Connection;
            SQLitePCL.raw.sqlite3_trace(sqlite.Handle, (_, sql) => statements.Add(sql), null);
            return sqlite;
        });
        for (var sequence = 2; sequence < 5; sequence++)
        {
            site.Spool.Note(new BatchReceipt(site.Spool.Epoch, sequence - 1));
            clock.Advance(TimeSpan.FromSeconds(1));
            statements.Clear();
            await site.Spool.AddAsync(Some.Result(sequence, Now));
            Assert.Equal(3, statements.Count);
            Assert.Equal((1, 1), (Rows(site, $"sequence = {sequence}"), Rows(site, "1 = 1")));
        }

        SQLitePCL.raw.sqlite3_trace(trace.Handle, (SQLitePCL.strdelegate_trace?)null, null);
        await using var after = site.Crash();
        Assert.Equal((4, 4), (after.Spool.Next()!.Sequence, after.Spool.Next()!.Results.Single().Item.Value));
        Assert.Equal(ReceiptMeaning.Taken, after.Spool.Note(new BatchReceipt(after.Spool.Epoch, 4)));
    }

    [Fact]
    public async Task A_number_that_was_given_is_never_given_again_though_its_row_has_gone()
    {
        await using var site = new SpoolFile(clock);
        site.Spool.TakesNow = () => true;
        for (var sequence = 1; sequence < 4; sequence++)
        {
            await site.Spool.AddAsync(Some.Result(sequence, Now));
            site.Spool.Note(new BatchReceipt(site.Spool.Epoch, sequence));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        await site.Spool.DisposeAsync();
        Assert.Equal(0, Rows(site, "1 = 1"));
        await using var after = site.Crash();
        await after.Spool.AddAsync(Some.Result(4, Now));
        Assert.Equal(4, after.Spool.Next()!.Sequence);
    }

    /// <summary>The number stood in its batch's row only when the process died; the next run removes the row, and the one after it must still know the number.</summary>
    [Fact]
    public async Task A_number_that_only_a_row_told_at_a_crash_is_never_given_again()
    {
        await using var site = new SpoolFile(clock);
        site.Spool.TakesNow = () => true;
        await site.Spool.AddAsync(Some.Result(1, Now));
        site.Spool.Note(new BatchReceipt(site.Spool.Epoch, 1));
        clock.Advance(TimeSpan.FromSeconds(1));
        await site.Spool.AddAsync(Some.Result(2, Now));

        await using var after = site.Crash();
        after.Spool.Note(new BatchReceipt(after.Spool.Epoch, after.Spool.Next()!.Sequence));
        await after.Spool.DisposeAsync();
        Assert.Equal(0, Rows(after, "1 = 1"));
        await using var third = after.Crash();
        await third.Spool.AddAsync(Some.Result(3, Now));
        Assert.Equal(3, third.Spool.Next()!.Sequence);
    }

    [Fact]
    public async Task A_spool_that_is_closed_leaves_nothing_of_what_the_desk_has()
    {
        await using var site = new SpoolFile(clock);
        await site.Spool.AddAsync(Some.Result(1, Now));
        site.Spool.Note(new BatchReceipt(site.Spool.Epoch, site.Spool.Next()!.Sequence));
        Assert.Equal(1, Rows(site, "1 = 1"));
        await site.Spool.DisposeAsync();
        Assert.Equal(0, Rows(site, "1 = 1"));
    }

    [Fact]
    public async Task Whatever_step_a_crash_hits_the_desk_counts_every_result_once()
    {
        // The steps of one site's life; after each of them the process may be gone.
        string[] script = ["add", "add", "form", "post", "add", "note", "form", "note", "form", "post", "note", "add", "form", "fold", "post", "note"];
        for (var crashAfter = 0; crashAfter <= script.Length; crashAfter++)
        {
            using var desk = new CountingDoor();
            await using var site = new SpoolFile(clock);
            var added = 0;
            foreach (var step in script.Take(crashAfter))
            {
                added = await StepAsync(step, site.Spool, desk, added);
            }

            await using var after = site.Crash();
            await DrainAsync(after.Spool, desk);
            Assert.Equal(Enumerable.Range(1, added), desk.Results.Select(r => r.Item.Value).Order());
            Assert.All(desk.Db.Read(desk.Cursors.All), c => Assert.Equal(0, c.Gaps));
            Assert.Equal(0, after.Spool.Waiting);
        }
    }

    [Fact]
    public async Task What_an_earlier_run_left_is_backlog_with_the_age_that_the_wall_clock_tells()
    {
        await using var site = new SpoolFile(clock);
        await site.Spool.AddAsync(Some.Result(1, Now));
        clock.Advance(TimeSpan.FromMinutes(10));
        await using var after = site.Crash();
        var sent = after.Spool.Next()!.Sent(Some.Tokyo, after.Spool.Epoch, Now, [], Some.Health);
        Assert.Equal(Lane.Backlog, sent.Lane);
        Assert.Equal(TimeSpan.FromMinutes(10), sent.AgeOf(sent.Results[0]));
        Assert.Single(BatchCodec.Read(BatchCodec.Write(sent)).Results);
    }

    [Fact]
    public async Task A_new_spool_has_a_larger_epoch_and_a_reopened_one_its_own()
    {
        await using var site = new SpoolFile(clock);
        await using var reopened = site.Crash();
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await using var replaced = new SpoolFile(clock);
        Assert.Equal(site.Spool.Epoch, reopened.Spool.Epoch);
        Assert.True(replaced.Spool.Epoch > site.Spool.Epoch);
    }

    [Fact]
    public async Task A_spool_that_was_rolled_back_loses_nothing_that_it_holds()
    {
        using var desk = new CountingDoor();
        await using var site = new SpoolFile(clock);
        await using var backup = site.Crash();
        await AddAsync(site.Spool, 1);
        await DrainAsync(site.Spool, desk);
        await AddAsync(site.Spool, 2);
        await DrainAsync(site.Spool, desk);
        var epoch = backup.Spool.Epoch;
        await AddAsync(backup.Spool, 3);
        await DrainAsync(backup.Spool, desk);
        Assert.Equal([1, 2, 3], desk.Results.Select(r => r.Item.Value));
        Assert.True(backup.Spool.Epoch > epoch);
        Assert.Equal(Lane.Live, desk.Counted[^1].Lane);
    }

    [Fact]
    public async Task A_replaced_spool_on_a_machine_whose_clock_went_back_is_counted_too()
    {
        using var desk = new CountingDoor();
        await using var site = new SpoolFile(clock);
        await AddAsync(site.Spool, 1);
        await DrainAsync(site.Spool, desk);
        clock.StepWall(TimeSpan.FromDays(-30));
        await using var replaced = new SpoolFile(clock);
        await AddAsync(replaced.Spool, 2);
        await DrainAsync(replaced.Spool, desk);
        Assert.Equal([1, 2], desk.Results.Select(r => r.Item.Value));
    }

    [Fact]
    public async Task A_full_spool_drops_the_oldest_backlog_and_counts_it()
    {
        await using var site = new SpoolFile(clock, new SpoolOptions { ChunkResults = 10, MaxBytes = 4000 });
        for (var i = 0; i < 40; i++)
        {
            await AddManyAsync(site.Spool, Enumerable.Repeat(1, 10));
            site.Spool.Fold();
        }

        await AddManyAsync(site.Spool, [2]);
        var dropped = site.Spool.Dropped;
        Assert.InRange(dropped, 10, 390);
        Assert.Equal(401 - dropped, site.Spool.Waiting);
        Assert.Contains(site.Spool.Next()!.Results, r => r.Item.Value == 2);
        await using var after = site.Crash();
        Assert.Equal(dropped, after.Spool.Dropped);
    }

    [Fact]
    public async Task A_result_too_large_for_a_batch_is_cut_and_others_of_any_size_get_through()
    {
        using var desk = new CountingDoor();
        await using var site = new SpoolFile(clock);
        foreach (var size in new[] { 10, 70_000, 300_000, 5_000_000 })
        {
            var result = Some.Result(size, Now, output: new string('あ', size));
            var adding = site.Spool.AddAsync(result with { Answer = result.Answer with { LongOutput = result.Answer.Output } }).AsTask();
            await clock.UntilAsync(() => adding.IsCompleted, TimeSpan.FromSeconds(1));
            await adding;
        }

        await DrainAsync(site.Spool, desk);
        Assert.Equal([10, 70_000, 262_144, 262_144], desk.Results.Select(r => r.Answer.LongOutput.Length));
        Assert.All(desk.Counted, b => Assert.True(BatchCodec.Write(b).Length < BatchCodec.MaxBody));
    }

    [Fact]
    public async Task A_closed_spool_takes_nothing()
    {
        var site = new SpoolFile(clock);
        await site.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await site.Spool.AddAsync(Some.Result(1, Now)));
    }

    [Fact]
    public async Task The_last_plan_is_there_after_a_restart_without_the_desk()
    {
        await using var site = new SpoolFile(clock);
        Assert.Null(site.Spool.Plan.Load());
        site.Spool.Plan.Save(Some.Plan(6, 3));
        site.Spool.Plan.Save(Some.Plan(7, 10_000));
        await using var after = site.Crash();
        var plan = after.Spool.Plan.Load()!;
        Assert.Equal((7, 10_000), (plan.Revision, plan.Items.Count));
        Assert.Equal(OrderCodec.PackPlan(Some.Plan(7, 10_000)), OrderCodec.PackPlan(plan));
        Assert.Equal(new[] { 200, 204 }, Assert.IsType<HttpLookPlan>(plan.Items[0].Item.Look).Statuses);
        site.Db.Write(tx => tx.Connection.Execute("update spool_plan set body = x'0102'"));
        Assert.Null(site.Spool.Plan.Load());
    }

    private async Task<int> StepAsync(string step, SiteSpool spool, CountingDoor desk, int added)
    {
        switch (step)
        {
            case "add":
                await AddAsync(spool, added + 1);
                return added + 1;
            case "form":
                spool.Next();
                break;
            case "fold":
                spool.Fold();
                break;
            case "post" when spool.Next() is { } batch:
                await desk.AcceptAsync(batch.Sent(Some.Tokyo, spool.Epoch, Now, [], Some.Health), default);
                break;
            case "note" when spool.Next() is { } batch:
                spool.Note(await desk.AcceptAsync(batch.Sent(Some.Tokyo, spool.Epoch, Now, [], Some.Health), default));
                break;
        }

        return added;
    }

    private async Task DrainAsync(SiteSpool spool, CountingDoor desk)
    {
        while (spool.Next() is { } batch)
        {
            spool.Note(await desk.AcceptAsync(batch.Sent(Some.Tokyo, spool.Epoch, Now, [], Some.Health), default));
        }
    }

    private Task AddAsync(SiteSpool spool, int item) => AddManyAsync(spool, [item]);

    private async Task AddManyAsync(SiteSpool spool, IEnumerable<int> items)
    {
        var adding = items.Select(i => spool.AddAsync(Some.Result(i, Now)).AsTask()).ToList();
        var all = Task.WhenAll(adding);
        await clock.UntilAsync(() => all.IsCompleted, TimeSpan.FromSeconds(1));
        await all;
    }

    private static long Rows(SpoolFile site, string which) => site.Db.Read(tx => tx.Connection.ExecuteScalar<long>($"select count(*) from spool_chunks where {which}"));
}
