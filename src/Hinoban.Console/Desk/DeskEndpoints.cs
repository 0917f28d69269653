using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Hinoban.Console.Shell;
using Hinoban.Flow;
using Hinoban.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hinoban.Console.Desk;

/// <summary>The desk's page and the stream of changes that keeps every page live.</summary>
internal static class DeskEndpoints
{
    /// <summary>A page that has seen no beat for three of these says that it is no longer live.</summary>
    internal static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(8);

    /// <summary>A stream ends after this long and is opened anew, so that a session which has ended goes blind.</summary>
    internal static readonly TimeSpan StreamFor = TimeSpan.FromMinutes(5);

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpContext http, string? view) => Pages.Show<DeskPage>(http, new { Closed = view == "closed" }));
        app.MapGet("/strip", (HttpContext http) => Pages.Show<StripStatus>(http));
        app.MapGet("/events", (Viewer viewer, IDeskChanges changes, TimeProvider clock, CancellationToken cancel) =>
            TypedResults.ServerSentEvents(StreamAsync(viewer.Scope, changes, clock, cancel)));
    }

    private static async IAsyncEnumerable<SseItem<string>> StreamAsync(
        Scope scope, IDeskChanges changes, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var ending = new CancellationTokenSource(StreamFor, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel, ending.Token);
        await using var watch = changes.WatchAsync(scope, over.Token).GetAsyncEnumerator(over.Token);
        var change = NextAsync(watch);
        var beat = BeatAsync(clock, over.Token);

        try
        {
            // Subscribed before the greeting: whatever changed since the page was rendered, the greeting makes it fetch anew.
            yield return Item("desk-hello", clock);
            while (!over.IsCancellationRequested)
            {
                if (await Task.WhenAny(change, beat) == beat)
                {
                    beat = BeatAsync(clock, over.Token);
                    yield return Item("desk-beat", clock);
                }
                else if (await change is { } what)
                {
                    change = NextAsync(watch);
                    yield return Item("desk-" + what.Replace('/', '-'), clock);
                }
                else
                {
                    break;
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

    private static SseItem<string> Item(string name, TimeProvider clock) =>
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

    private static async Task BeatAsync(TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(BeatEvery, clock, cancel);
        }
        catch (OperationCanceledException)
        {
            // The stream is over; its loop sees that itself.
        }
    }
}
