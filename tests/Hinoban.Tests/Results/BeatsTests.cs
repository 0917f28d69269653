using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Lab;
using Hinoban.Results;

namespace Hinoban.Tests.Results;

/// <summary>A stream of orders over a line is never silent for longer than a beat.</summary>
public sealed class BeatsTests
{
    private readonly LabClock clock = new();
    private readonly Channel<SiteOrder> orders = Channel.CreateUnbounded<SiteOrder>();
    private readonly List<string> got = [];
    private bool left;

    [Fact]
    public void Where_no_order_comes_for_five_seconds_there_is_a_beat()
    {
        new LabLoop(clock).Run(async () =>
        {
            var reading = ReadAsync(CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(3), clock);
            orders.Writer.TryWrite(Look(1));
            await Task.Delay(TimeSpan.FromSeconds(12), clock);
            orders.Writer.TryWrite(Look(2));
            orders.Writer.TryWrite(Look(3));
            await Task.Delay(TimeSpan.FromSeconds(1), clock);
            orders.Writer.Complete();
            await reading;
        });
        Assert.Equal(["3 look 1", "8 beat", "13 beat", "15 look 2", "15 look 3"], got);
        Assert.True(left);
    }

    [Fact]
    public void Who_leaves_between_two_orders_leaves_the_door_too()
    {
        new LabLoop(clock).Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            var reading = ReadAsync(stop.Token);
            await Task.Delay(TimeSpan.FromSeconds(7), clock);
            stop.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        });
        Assert.Equal(["5 beat"], got);
        Assert.True(left);
    }

    [Fact]
    public void What_ends_the_stream_is_told()
    {
        new LabLoop(clock).Run(async () =>
        {
            var reading = ReadAsync(CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(6), clock);
            orders.Writer.Complete(new SiteLinkException("this site does not judge"));
            Assert.Equal("this site does not judge", (await Assert.ThrowsAsync<SiteLinkException>(() => reading)).Message);
        });
        Assert.Equal(["5 beat"], got);
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        await foreach (var order in Beats.AmongAsync(GivenAsync, clock, cancel))
        {
            got.Add($"{clock.Elapsed.TotalSeconds} {(order is LookNowOrder look ? $"look {look.Request}" : "beat")}");
        }
    }

    private async IAsyncEnumerable<SiteOrder> GivenAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        try
        {
            while (await orders.Reader.WaitToReadAsync(cancel))
            {
                while (orders.Reader.TryRead(out var order))
                {
                    yield return order;
                }
            }
        }
        finally
        {
            left = true;
        }
    }

    private static LookNowOrder Look(long request) => new(request, new ItemId(1), TimeSpan.FromSeconds(5));
}
