using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Lab.Story;

/// <summary>The desk's end of all links: which process answers there now, if any.</summary>
internal sealed class LabDoor
{
    private readonly Dictionary<Action, LabNode> connections = [];

    internal (LabNode Node, IResultDoor Door)? Open { get; private set; }

    internal void Opens(LabNode node, IResultDoor door) => Open = (node, door);

    /// <summary>The process has gone: the kernel resets what was connected to it.</summary>
    internal void Closes(LabNode node)
    {
        Open = Open?.Node == node ? null : Open;
        var reset = connections.Where(c => c.Value == node).Select(c => c.Key).ToList();
        reset.ForEach(r => connections.Remove(r));
        reset.ForEach(r => r());
    }

    internal void Closes()
    {
        if (Open is { } open)
        {
            Closes(open.Node);
        }
    }

    internal void Connect(Action reset) => connections.Add(reset, Open!.Value.Node);

    internal void Disconnect(Action reset) => connections.Remove(reset);
}

/// <summary>
/// A site's link to its desk over two ways that can be slow or cut, each for itself. Gives up after the same times as the one over HTTP.
/// </summary>
internal sealed class LabLink(SiteName site, LabWay up, LabWay down, LabDoor door, Action<SiteOrder> ordered)
{
    private const string Silent = "the desk was silent for too long";

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly HashSet<CancellationTokenSource> streams = [];

    private LabDoor Door => door;

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

    private Task<BatchReceipt> PostAsync(LabNode node, ResultBatch batch, CancellationToken cancel)
    {
        var call = new LabCall(this, node, batch, cancel);
        up.Carry(call.Arrive);
        return call.Answer;
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
        await using var silence = node.Clock.CreateTimer(
            static stream => ((ChannelWriter<SiteOrder>)stream!).TryComplete(new SiteLinkException(Silent)), stream.Writer, HttpSiteLink.SilenceLimit, Timeout.InfiniteTimeSpan);
        try
        {
            while (await stream.Reader.WaitToReadAsync(cancel))
            {
                silence.Change(HttpSiteLink.SilenceLimit, Timeout.InfiniteTimeSpan);
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

    /// <summary>A post that is under way, from the site's side and, once it has arrived, from the desk's.</summary>
    private sealed class LabCall
    {
        private readonly LabLink link;
        private readonly LabNode node;
        private readonly ResultBatch batch;
        private readonly TaskCompletionSource<BatchReceipt> answer = new();
        private readonly ITimer limit;
        private readonly CancellationTokenRegistration cancelled;

        internal LabCall(LabLink link, LabNode node, ResultBatch batch, CancellationToken cancel)
        {
            (this.link, this.node, this.batch) = (link, node, batch);
            limit = node.Clock.CreateTimer(static call => ((LabCall)call!).End(null, Silent), this, AnswerLimit, Timeout.InfiniteTimeSpan);
            cancelled = cancel.UnsafeRegister(static (call, token) => ((LabCall)call!).answer.TrySetCanceled(token), this);
        }

        internal Task<BatchReceipt> Answer => answer.Task;

        internal void Arrive()
        {
            if (answer.Task.IsCompleted)
            {
                return;
            }

            if (link.Door.Open is not { } desk)
            {
                Fails("connection refused");
                return;
            }

            link.Door.Connect(Reset);
            desk.Node.Post(() => Take(desk.Door));
        }

        private void Take(IResultDoor at)
        {
            try
            {
                var taken = at.AcceptAsync(batch, CancellationToken.None);
                if (!taken.IsCompleted)
                {
                    // By way of a peer it takes its time.
                    _ = LaterAsync(taken);
                    return;
                }

                if (taken.IsCompletedSuccessfully)
                {
                    var receipt = taken.Result;
                    link.Door.Disconnect(Reset);
                    link.Down.Carry(() => node.Post(() => End(receipt, "")));
                    return;
                }

                taken.GetAwaiter().GetResult();
            }
            catch (NodeKilledException)
            {
                // Its connections are reset.
            }
            catch (Exception error)
            {
                link.Door.Disconnect(Reset);
                Fails($"the desk answered 500: {error.Message}");
            }
        }

        private async Task LaterAsync(Task<BatchReceipt> taken)
        {
            try
            {
                var receipt = await taken;
                link.Down.Carry(() => node.Post(() => End(receipt, "")));
            }
            catch (SiteLinkException error)
            {
                Fails(error.Message);
            }

            link.Door.Disconnect(Reset);
        }

        private void Reset() => Fails("connection reset");

        private void Fails(string why) => link.Down.Carry(() => node.Post(() => End(null, why)));

        private void End(BatchReceipt? receipt, string why)
        {
            limit.Dispose();
            cancelled.Dispose();
            if (receipt is not null)
            {
                answer.TrySetResult(receipt);
            }
            else
            {
                answer.TrySetException(new SiteLinkException(why));
            }
        }
    }

    private sealed class End(LabLink link, LabNode node) : IHandBackLink
    {
        public Task<HandBackReceipt> HandBackAsync(HandBack back, CancellationToken cancel) => link.HandBackAsync(node, back, cancel);

        public Task<BatchReceipt> PostAsync(ResultBatch batch, CancellationToken cancel) => link.PostAsync(node, batch, cancel);

        public IAsyncEnumerable<SiteOrder> OrdersAsync(CancellationToken cancel) => link.OrdersAsync(node, cancel);
    }
}
