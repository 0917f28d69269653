using System.Net.Sockets;
using System.Security.Authentication;
using Hinoban.Basics;
using Hinoban.Checks.Nrpe;
using Hinoban.Specs;

namespace Hinoban.Checks.Via;

/// <summary>
/// The way to one host's agent: looks that start together are one query, and connections that have served are kept for the next one. A query is sent after
/// every look that it answers has started. What may take long is asked apart, so that it holds nothing else up.
/// </summary>
internal sealed class AgentLine(InsideWay way, Connector connector, SiteCertificate? own, AgentKeep keep, TimeProvider clock) : IDisposable
{
    /// <summary>How long a look waits for others of its host, whose slots are the same instant.</summary>
    internal static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);

    /// <summary>Of one reading of a log, whatever else a site has to do.</summary>
    internal const int MostDocuments = 4;

    /// <summary>Of one that catches up, of which a site has few at once: what is more, or past so many characters, or past half the look's time, is left for the next look.</summary>
    internal const int MostBehind = LogReading.Most / LogAnswer.Most;
    internal const int MostCharacters = 512 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Batch> gathering = [];
    private readonly Stack<NrpeConnection> idle = new();
    private readonly SemaphoreSlim apart = new(AgentKeep.Apart);
    private readonly SemaphoreSlim logs = new(1);
    private int logsWaiting;
    private bool closed;

    /// <summary>The item of <paramref name="command"/> from a query that starts from now; null if the agent gave none. Throws what the connection throws.</summary>
    internal async Task<AgentItem?> AskAsync(string command, bool quick, TimeSpan within)
    {
        Batch batch;
        lock (gate)
        {
            var lane = quick ? "" : command;
            if (!gathering.TryGetValue(lane, out batch!))
            {
                gathering[lane] = batch = new Batch();
                _ = SendAsync(lane, batch);
            }

            batch.Commands.Add(command);
            batch.Within = batch.Within > within ? batch.Within : within;
        }

        return (await batch.Answer.Task).GetValueOrDefault(command);
    }

    /// <summary>
    /// What the agent has of a log from the cursor on, document by document until it has no more, enough was read for once, another log waits, or it fails: what was read until then is
    /// taken, and the next reading goes on from there. The logs of a host come one after the other, over one connection.
    /// </summary>
    /// <param name="within">The look's time, of which it takes half if it is behind.</param>
    internal async Task<LogDocument> ReadLogAsync(string command, string cursor, TimeSpan within, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        await TurnAsync(cancel);
        var behind = false;
        try
        {
            var whole = await DocumentAsync(command, cursor, cancel);
            var hits = whole.Hits.ToList();
            for (var documents = 1; whole.More && Volatile.Read(ref logsWaiting) == 0 && (documents < MostDocuments || GoesOn(documents)); documents++)
            {
                if (await NextAsync(command, whole.Next, cancel) is not { Next.Length: > 0 } next)
                {
                    break;
                }

                hits.AddRange(next.Hits);
                whole = next with { Lost = whole.Lost + next.Lost, More = next.More && next.Next != whole.Next };
            }

            return whole with { Hits = hits };

            bool GoesOn(int documents) =>
                documents < MostBehind && clock.GetElapsedTime(began) < within / 2 && hits.Sum(h => (long)h.Length) < MostCharacters && (behind || (behind = keep.TryCatchUp()));
        }
        finally
        {
            if (behind)
            {
                keep.CaughtUp();
            }

            logs.Release();
        }
    }

    private async Task TurnAsync(CancellationToken cancel)
    {
        Interlocked.Increment(ref logsWaiting);
        try
        {
            await logs.WaitAsync(cancel);
        }
        finally
        {
            Interlocked.Decrement(ref logsWaiting);
        }
    }

    private Task<LogDocument> DocumentAsync(string command, string cursor, CancellationToken cancel) =>
        QueryAsync(LogAnswer.Query(command, cursor), packet => LogAnswer.Read(packet, clock.GetUtcNow()), cancel);

    // Null if it fails: the documents before it are whole, and would be read again and again if it spoilt them.
    private async Task<LogDocument?> NextAsync(string command, string cursor, CancellationToken cancel)
    {
        try
        {
            return await DocumentAsync(command, cursor, cancel);
        }
        catch (Exception fault) when (fault is NrpeBrokenException or IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Closes connections that the agent will soon give up.</summary>
    internal void Tidy(TimeSpan now)
    {
        lock (gate)
        {
            var fresh = idle.Where(c => AgentKeep.IsFresh(c, now)).Reverse().ToList();
            foreach (var stale in idle.Where(c => !AgentKeep.IsFresh(c, now)))
            {
                keep.Close(stale);
            }

            idle.Clear();
            fresh.ForEach(idle.Push);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            while (idle.TryPop(out var connection))
            {
                keep.Close(connection);
            }
        }
    }

    // The runner of one query: whatever happens is told to the looks that wait for it.
    private async Task SendAsync(string lane, Batch batch)
    {
        try
        {
            await Task.Delay(Gather, clock);
            lock (gate)
            {
                gathering.Remove(lane); // who starts from here on is answered by a query of its own
            }

            using var limit = new CancellationTokenSource(batch.Within, clock);
            var query = AgentAnswer.Query(batch.Commands);
            batch.Answer.SetResult(lane.Length == 0 ? await QueryAsync(query, AgentAnswer.Read, limit.Token) : await ApartAsync(query, limit.Token));
        }
#pragma warning disable CA1031 // Told to the looks, which know what it means.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            batch.Answer.SetException(fault);
            _ = batch.Answer.Task.Exception; // seen, even where all looks have given up
        }
    }

    // Each of them takes a connection, of which an agent gives an address so many.
    private async Task<IReadOnlyDictionary<string, AgentItem>> ApartAsync(string query, CancellationToken cancel)
    {
        await apart.WaitAsync(cancel);
        try
        {
            return await QueryAsync(query, AgentAnswer.Read, cancel);
        }
        finally
        {
            apart.Release();
        }
    }

    private async Task<T> QueryAsync<T>(string query, Func<NrpePacket, T> read, CancellationToken cancel)
    {
        if (Kept() is { } kept)
        {
            try
            {
                return await AskAsync(kept, query, read, cancel);
            }
            catch (IOException) when (!kept.Spoke)
            {
                // The agent closed it while it lay idle. Whether it is away shows a new one.
            }
        }

        return await AskAsync(await NrpeConnection.OpenAsync(connector, way, own, Moment.MonoOf(clock), cancel), query, read, cancel);
    }

    private async Task<T> AskAsync<T>(NrpeConnection connection, string query, Func<NrpePacket, T> read, CancellationToken cancel)
    {
        var whole = false;
        try
        {
            var packet = await connection.AskAsync(NrpeVersion.V4, query, cancel);
            var said = read(packet);
            whole = true;
            return said;
        }
        finally
        {
            Keep(connection, whole);
        }
    }

    private NrpeConnection? Kept()
    {
        Tidy(Moment.MonoOf(clock));
        lock (gate)
        {
            return idle.TryPop(out var connection) ? keep.Take(connection) : null;
        }
    }

    private void Keep(NrpeConnection connection, bool whole)
    {
        connection.Used = Moment.MonoOf(clock);
        lock (gate)
        {
            if (whole && !closed && AgentKeep.IsFresh(connection, connection.Used) && idle.Count < AgentKeep.PerHost && keep.TryAdd())
            {
                idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }

    private sealed class Batch
    {
        internal HashSet<string> Commands { get; } = [];

        internal TimeSpan Within { get; set; }

        internal TaskCompletionSource<IReadOnlyDictionary<string, AgentItem>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What a site's lines have in common: how many idle connections it keeps in all (each costs memory, and a new one only a handshake), and how many of its hosts' logs catch up at once.</summary>
internal sealed class AgentKeep
{
    /// <summary>Of one host: the batch, and what is asked apart.</summary>
    internal const int PerHost = 4;

    /// <summary>Of all hosts together.</summary>
    internal const int Most = 2000;

    /// <summary>Queries of one host at once for what may take long: fewer than the connections that an agent gives one address.</summary>
    internal const int Apart = 12;

    /// <summary>Less than the ten minutes after which an agent closes a silent connection.</summary>
    internal static readonly TimeSpan For = TimeSpan.FromMinutes(9);

    /// <summary>Old connections end: what an agent's name or address leads to today, and whether it still lets this site in, shows a new one.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Logs that catch up at once: after a site was cut off all of them are behind, and what it has read waits in its memory and its spool.</summary>
    internal const int CatchingUp = 4;

    private readonly SemaphoreSlim behind = new(CatchingUp, CatchingUp);
    private int kept;

    internal static bool IsFresh(NrpeConnection connection, TimeSpan now) => now - connection.Used < For && now - connection.Opened < Longest;

    internal bool TryAdd()
    {
        if (Interlocked.Increment(ref kept) <= Most)
        {
            return true;
        }

        Interlocked.Decrement(ref kept);
        return false;
    }

    internal NrpeConnection Take(NrpeConnection connection)
    {
        Interlocked.Decrement(ref kept);
        return connection;
    }

    internal void Close(NrpeConnection connection) => Take(connection).Dispose();

    /// <summary>Nobody waits for it: who is not let in goes on with the next look.</summary>
    internal bool TryCatchUp() => behind.Wait(0);

    internal void CaughtUp() => behind.Release();
}
