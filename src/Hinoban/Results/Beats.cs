using System.Runtime.CompilerServices;
using Hinoban.Basics;

namespace Hinoban.Results;

/// <summary>What fills a stream of orders over a line: where none has come for a while there is a beat, so that silence means something.</summary>
internal static class Beats
{
    /// <summary>Architecture §1a: a third of the time after which the other end is taken for gone.</summary>
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly BeatOrder Beat = new();

    /// <summary>The orders, and a beat wherever none came for <see cref="Every"/>.</summary>
    internal static async IAsyncEnumerable<SiteOrder> AmongAsync(
        Func<CancellationToken, IAsyncEnumerable<SiteOrder>> orders, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var given = orders(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = given.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (!await ComesAsync(next, clock))
                {
                    yield return Beat;
                }
                else if (await next)
                {
                    yield return given.Current;
                    next = given.MoveNextAsync().AsTask();
                }
                else
                {
                    break;
                }
            }
        }
        finally
        {
            // Nobody may leave an enumerator that is still moving.
            stop.Cancel();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private static async Task<bool> ComesAsync(Task<bool> next, TimeProvider clock)
    {
        if (next.IsCompleted)
        {
            return true;
        }

        using var came = new CancellationTokenSource();
        var first = await Task.WhenAny(next, Task.Delay(Every, clock, came.Token));
        came.Cancel();
        return first == next;
    }
}
