using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Lab.Story;

/// <summary>The desk's end of all links: which process answers there now, if any.</summary>
internal sealed class LabDoor
{
    private readonly HashSet<Action> connections = [];

    internal (LabNode Node, IResultDoor Door)? Open { get; private set; }

    internal void Opens(LabNode node, IResultDoor door) => Open = (node, door);

    /// <summary>The process has gone: the kernel resets what was connected to it.</summary>
    internal void Closes()
    {
        Open = null;
        var reset = connections.ToList();
        connections.Clear();
        reset.ForEach(r => r());
    }

    internal void Connect(Action reset) => connections.Add(reset);

    internal void Disconnect(Action reset) => connections.Remove(reset);
}

/// <summary>
/// A site's link to its desk over two ways that can be slow or cut, each for itself. Gives up after the same times as the one over HTTP.
/// </summary>
internal sealed class LabLink(SiteName site, LabWay up, LabWay down, LabDoor door, Action<SiteOrder> ordered)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly HashSet<CancellationTokenSource> streams = [];

    /// <summary>To the desk.</summary>
    internal LabWay Up => up;

    /// <summary>From the desk.</summary>
    internal LabWay Down => down;

    /// <summary>The link as a process of the site holds it.</summary>
    internal IHandBackLink For(LabNode node) => new End(this, node);

    /// <summary>The site's process has gone: its kernel closes what it held open.</summary>
    internal void SiteGone()
    {
        streams.ToList().ForEach(stream => up.Carry(stream.Cancel));
        streams.Clear();
    }

    private async Task<BatchReceipt> PostAsync(LabNode node, ResultBatch batch, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<BatchReceipt>();
        void Fails(string why) => down.Carry(() => node.Post(() => answer.TrySetException(new SiteLinkException(why))));
        void Reset() => Fails("connection reset");
        up.Carry(() =>
        {
            if (answer.Task.IsCompleted)
            {
                return;
            }

            if (door.Open is not { } desk)
            {
                Fails("connection refused");
                return;
            }

            door.Connect(Reset);
            desk.Node.Post(() => _ = TakeAsync(desk.Door, batch, receipt => down.Carry(() => node.Post(() => answer.TrySetResult(receipt))), Fails, Reset));
        });
        return await EndAsync(answer, node, cancel);
    }

    private async Task TakeAsync(IResultDoor at, ResultBatch batch, Action<BatchReceipt> receipt, Action<string> fails, Action reset)
    {
        try
        {
            var given = await at.AcceptAsync(batch, CancellationToken.None);
            receipt(given);
        }
        catch (NodeKilledException)
        {
            // Its connections are reset.
        }
        catch (Exception error)
        {
            fails($"the desk answered 500: {error.Message}");
        }
        finally
        {
            door.Disconnect(reset);
        }
    }

    private static async Task<T> EndAsync<T>(TaskCompletionSource<T> answer, LabNode node, CancellationToken cancel)
    {
        try
        {
            return await answer.Task.WaitAsync(AnswerLimit, node.Clock, cancel);
        }
        catch (TimeoutException)
        {
            answer.TrySetCanceled(CancellationToken.None);
            throw new SiteLinkException("the desk was silent for too long");
        }
    }

    private async Task<HandBackReceipt> HandBackAsync(LabNode node, HandBack back, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<HandBackReceipt>();
        void Fails(string why) => down.Carry(() => node.Post(() => answer.TrySetException(new SiteLinkException(why))));
        up.Carry(() =>
        {
            if (door.Open is { Door: IHandBackDoor at } desk)
            {
                desk.Node.Post(() => _ = TakeBackAsync(at, back, receipt => down.Carry(() => node.Post(() => answer.TrySetResult(receipt))), Fails));
            }
            else
            {
                Fails("connection refused");
            }
        });
        return await EndAsync(answer, node, cancel);
    }

    private static async Task TakeBackAsync(IHandBackDoor at, HandBack back, Action<HandBackReceipt> receipt, Action<string> fails)
    {
        try
        {
            receipt(await at.TakeBackAsync(back, CancellationToken.None));
        }
        catch (NodeKilledException)
        {
            // Nobody answers any more.
        }
        catch (Exception error)
        {
            fails($"the desk answered 500: {error.Message}");
        }
    }

    private async IAsyncEnumerable<SiteOrder> OrdersAsync(LabNode node, [EnumeratorCancellation] CancellationToken cancel)
    {
        var stream = Channel.CreateUnbounded<SiteOrder>(new UnboundedChannelOptions { SingleReader = true });
        var hungUp = new CancellationTokenSource();
        streams.Add(hungUp);
        up.Carry(() => Open(node, stream.Writer, hungUp.Token));
        try
        {
            while (true)
            {
                using var silence = new CancellationTokenSource(HttpSiteLink.SilenceLimit, node.Clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silence.Token);
                if (!await ReadyAsync(stream.Reader, either.Token, cancel))
                {
                    yield break;
                }

                while (stream.Reader.TryRead(out var order))
                {
                    if (order is not BeatOrder)
                    {
                        ordered(order);
                    }

                    yield return order;
                }
            }
        }
        finally
        {
            stream.Writer.TryComplete();
            streams.Remove(hungUp);
            up.Carry(hungUp.Cancel);
        }
    }

    private static async Task<bool> ReadyAsync(ChannelReader<SiteOrder> stream, CancellationToken either, CancellationToken cancel)
    {
        try
        {
            return await stream.WaitToReadAsync(either);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SiteLinkException("the desk was silent for too long");
        }
    }

    private void Open(LabNode node, ChannelWriter<SiteOrder> stream, CancellationToken hungUp)
    {
        void Fails(string why) => down.Carry(() => node.Post(() => stream.TryComplete(new SiteLinkException(why))));
        if (door.Open is not { } desk)
        {
            Fails("connection refused");
            return;
        }

        void Reset() => Fails("connection reset");
        door.Connect(Reset);
        desk.Node.Post(() => _ = GiveAsync(desk.Door, order => down.Carry(() => node.Post(() => stream.TryWrite(order))), Fails, Reset, hungUp));
    }

    private async Task GiveAsync(IResultDoor at, Action<SiteOrder> give, Action<string> fails, Action reset, CancellationToken hungUp)
    {
        try
        {
            await foreach (var order in at.OrdersAsync(site, hungUp))
            {
                give(order);
            }

            fails("the desk ended the stream");
        }
        catch (OperationCanceledException) when (hungUp.IsCancellationRequested)
        {
        }
        finally
        {
            door.Disconnect(reset);
        }
    }

    private sealed class End(LabLink link, LabNode node) : IHandBackLink
    {
        public Task<HandBackReceipt> HandBackAsync(HandBack back, CancellationToken cancel) => link.HandBackAsync(node, back, cancel);

        public Task<BatchReceipt> PostAsync(ResultBatch batch, CancellationToken cancel) => link.PostAsync(node, batch, cancel);

        public IAsyncEnumerable<SiteOrder> OrdersAsync(CancellationToken cancel) => link.OrdersAsync(node, cancel);
    }
}
