using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Hinoban.Basics;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.People;

namespace Hinoban.Console.Desk;

/// <summary>One browser's stream of changes. It ends with the session that opened it.</summary>
internal sealed class EventStream(IDeskChanges changes, Accounts accounts, TimeProvider clock)
{
    /// <summary>A page that has seen no beat for three of these says that it is no longer live.</summary>
    internal static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(8);

    /// <summary>A stream ends after this long and is opened anew, with whatever its reader may see then.</summary>
    internal static readonly TimeSpan StreamFor = TimeSpan.FromMinutes(5);

    /// <summary>Pages fetch themselves anew at each name they hear: more often than this nobody reads.</summary>
    internal static readonly TimeSpan NameEvery = TimeSpan.FromSeconds(1);

    // Accounts are disabled by another process too, so the stream looks for itself: one row by its key.
    private static readonly TimeSpan SessionEvery = TimeSpan.FromSeconds(2);

    private readonly Throttle throttle = new(NameEvery);

    internal async IAsyncEnumerable<SseItem<string>> ReadAsync(ClaimsPrincipal reader, Viewer viewer, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var ending = new CancellationTokenSource(StreamFor, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel, ending.Token);
        await using var watch = changes.WatchAsync(viewer.Scope, over.Token).GetAsyncEnumerator(over.Token);
        var change = NextAsync(watch);
        var (beatAt, lookAt) = (Now + BeatEvery, Now + SessionEvery);
        var tick = TickAsync(over.Token);

        try
        {
            // Subscribed before the greeting: whatever changed since the page was rendered, the greeting makes it fetch anew.
            yield return Item("desk-hello");
            while (!over.IsCancellationRequested)
            {
                if (await Task.WhenAny(change, tick) == change)
                {
                    if (await change is not { } what)
                    {
                        break;
                    }

                    change = NextAsync(watch);
                    if (throttle.Pass(what, Now))
                    {
                        yield return Named(what);
                    }

                    continue;
                }

                tick = TickAsync(over.Token);
                if (Now >= lookAt)
                {
                    if (Ended(reader, viewer))
                    {
                        break;
                    }

                    lookAt = Now + SessionEvery;
                }

                foreach (var late in throttle.Due(Now))
                {
                    yield return Named(late);
                }

                if (Now >= beatAt)
                {
                    beatAt = Now + BeatEvery;
                    yield return Item("desk-beat");
                }
            }
        }
        finally
        {
            // The watch may not be let go of while it is being waited for.
            await over.CancelAsync();
            await change;
        }
    }

    private TimeSpan Now => Moment.MonoOf(clock);

    private bool Ended(ClaimsPrincipal reader, Viewer viewer) =>
        viewer.SignedInUntil <= clock.GetUtcNow()
        || Principals.NameOf(reader) is not { } name
        || accounts.IsOver(name, session => Principals.IsOf(reader, session));

    private SseItem<string> Named(string what) => Item("desk-" + what.Replace('/', '-'));

    private SseItem<string> Item(string name) =>
        new(clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture), name);

    private static async Task<string?> NextAsync(IAsyncEnumerator<string> watch)
    {
        try
        {
            return await watch.MoveNextAsync() ? watch.Current : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task TickAsync(CancellationToken cancel)
    {
        try
        {
            await Task.Delay(NameEvery / 4, clock, cancel);
        }
        catch (OperationCanceledException)
        {
            // The stream is over; its loop sees that itself.
        }
    }
}
