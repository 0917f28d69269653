using System.Data.Common;
using Hinoban.Basics;
using Hinoban.Flow;
using Hinoban.Storage;

namespace Hinoban.Lab.Story;

/// <summary>One machine that can have the desk, and the process that runs on it now, if any. Alone it has the desk at once; one of two asks for it.</summary>
internal sealed class DeskMachine(StoryWorld world, StoryDesk desk, string name, TimeSpan monoOrigin)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    private readonly List<Action> calls = [];
    private Shift? shift;
    private TimeSpan wallAhead;

    /// <summary>Null while no process runs.</summary>
    internal LabNode? Node { get; private set; }

    /// <summary>It has the desk, or still believes so.</summary>
    internal bool Serves => shift is not null;

    internal long Epoch => shift?.Epoch ?? -1;

    internal DeskParts Parts => shift?.Parts ?? throw new InvalidOperationException("The desk does not run.");

    internal Db? Db => shift?.Db;

    internal TimeSpan WallAhead
    {
        get => wallAhead;
        set
        {
            wallAhead = value;
            Node?.WallAhead = value;
        }
    }

    internal void Start(bool alone)
    {
        var node = Node = new LabNode(world.Loop, world.Clock, name, monoOrigin) { WallAhead = wallAhead };
        if (alone)
        {
            Serve(node, null);
        }
        else
        {
            node.Post(() => _ = world.RunAsync(node, _ => AskAsync(node), CancellationToken.None, new TaskCompletionSource()));
        }
    }

    /// <summary>As kill -9.</summary>
    internal void Kill()
    {
        var killed = Node;
        Node = null;
        killed?.Kill();
        shift?.Db.Dispose();
        shift = null;
        if (killed is not null)
        {
            world.Door.Closes(killed);
        }

        var cut = calls.ToList();
        calls.Clear();
        cut.ForEach(call => call());
    }

    /// <summary>As SIGTERM: what is under way ends.</summary>
    internal async Task StopAsync()
    {
        if (shift is { } stopping && Node is { } node)
        {
            world.Door.Closes(node);
            node.Post(stopping.Stop.Cancel);
            await stopping.Ended;
            Kill();
        }
    }

    /// <summary>Has the desk do something in this process; fails with <see cref="NodeKilledException"/> if it dies over it.</summary>
    internal Task<T> DoAsync<T>(Func<DeskParts, Task<T>> work)
    {
        var (node, parts) = (Node!, Parts);
        var result = new TaskCompletionSource<T>();
        void Cut() => result.TrySetException(new NodeKilledException());
        calls.Add(Cut);
        node.Post(() => _ = Do());
        return result.Task;

        async Task Do()
        {
            try
            {
                result.TrySetResult(await work(parts));
            }
            catch (Exception error)
            {
                result.TrySetException(error);
            }

            calls.Remove(Cut);
        }
    }

    // As a real node does (DeskShift): stands by, has the desk, loses it, and stands by again.
    private async Task AskAsync(LabNode node)
    {
        var leases = desk.Disk.Leases(world.Clock);
        while (true)
        {
            var (lease, holder) = Take(leases, node);
            if (lease is not null)
            {
                using (lease)
                {
                    await ServeAsync(node, lease);
                }
            }

            await UntilItMayAsync(node, holder);
        }
    }

    // It asks every second. Those questions are left out whose answer is known: the other one has the desk until then, unless it gives it up.
    private async Task UntilItMayAsync(LabNode node, LeaseView? holder)
    {
        var asked = Moment.MonoOf(node.Clock);
        var sure = holder is null ? AskEvery : AskEvery * (Math.Floor(holder.Left / AskEvery) + 1);
        if (sure <= AskEvery)
        {
            await Task.Delay(AskEvery, node.Clock);
            return;
        }

        using var enough = new CancellationTokenSource();
        await Task.WhenAny(Task.Delay(sure, node.Clock, enough.Token), desk.GivenUp);
        enough.Cancel();
        var since = Moment.MonoOf(node.Clock) - asked;
        if (since < sure)
        {
            await Task.Delay((AskEvery * (Math.Floor(since / AskEvery) + 1)) - since, node.Clock);
        }
    }

    private (DutyLease? Lease, LeaseView? Holder) Take(LabLeases leases, LabNode node)
    {
        try
        {
            return (DutyLease.Take(leases, new DeskNode($"{name}/1", $"https://{name}.example.jp"), node.Clock, out var holder), holder);
        }
        catch (DbException)
        {
            return (null, null);
        }
    }

    private async Task ServeAsync(LabNode node, DutyLease lease)
    {
        using var enough = new CancellationTokenSource();
        var keeping = KeepAsync(lease, node.Clock, enough.Token);
        try
        {
            var over = new TaskCompletionSource();
            var mine = Serve(node, lease);
            world.Book.Note(name, EntryKind.Told, $"has the desk, epoch {lease.Epoch}");
            await using var lost = lease.Lost.Register(() => over.TrySetResult());
            await using var ended = mine.Db.Ended.Register(() => over.TrySetResult());
            await over.Task;
            world.Book.Note(name, EntryKind.Told, $"has lost the desk, epoch {lease.Epoch}");
            shift = null;
            world.Door.Closes(node);
            mine.Stop.Cancel();
            await mine.Ended;
            mine.Db.Dispose();
        }
        catch (Exception trouble) when (StorageTrouble.Is(trouble))
        {
            // It stands by, and tries again.
        }

        enough.Cancel();
        await keeping;
        LetGo(lease);
    }

    private void LetGo(DutyLease lease)
    {
        try
        {
            lease.Release();
            desk.GivesUp();
        }
        catch (DbException)
        {
            // It ends by itself.
        }
    }

    private static async Task KeepAsync(DutyLease lease, TimeProvider clock, CancellationToken enough)
    {
        try
        {
            using var timer = new PeriodicTimer(DutyLease.RenewEvery, clock);
            while (await timer.WaitForNextTickAsync(enough) && lease.Keep(_ => { }))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The shift is over.
        }
    }

    private Shift Serve(LabNode node, DutyLease? lease)
    {
        var db = desk.Disk.Open(lease);
        DeskParts parts;
        try
        {
            parts = world.In(node, () => DeskWiring.Wire(desk.Ground(node, db)));
        }
        catch
        {
            db.Dispose();
            throw;
        }

        var stop = new CancellationTokenSource();
        var ended = parts.Runners.Where(r => !world.Without.Contains(r.Name)).Select(r => Run(node, r, stop.Token)).ToList();
        shift = new Shift(db, parts, stop, Task.WhenAll(ended), lease?.Epoch ?? 0);
        world.Door.Opens(node, parts.Door);
        desk.Begins(node, parts);
        return shift;
    }

    private Task Run(LabNode node, Runner runner, CancellationToken stop)
    {
        var ended = new TaskCompletionSource();
        node.Post(() => _ = world.RunAsync(node, runner.RunAsync, stop, ended));
        return ended.Task;
    }

    private sealed record Shift(Db Db, DeskParts Parts, CancellationTokenSource Stop, Task Ended, long Epoch);
}
