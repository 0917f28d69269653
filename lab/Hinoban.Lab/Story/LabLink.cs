using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.Results;

namespace Hinoban.Lab.Story;

/// <summary>What ends when the desk's process does.</summary>
internal interface ILabConnection
{
    void Reset();
}

/// <summary>The desk's end of all links: which process answers there now, if any.</summary>
internal sealed class LabDoor
{
    private readonly Dictionary<ILabConnection, LabNode> connections = [];

    internal (LabNode Node, IResultDoor Door)? Open { get; private set; }

    internal void Opens(LabNode node, IResultDoor door) => Open = (node, door);

    /// <summary>The process has gone: the kernel resets what was connected to it.</summary>
    internal void Closes(LabNode node)
    {
        Open = Open?.Node == node ? null : Open;
        var reset = connections.Where(c => c.Value == node).Select(c => c.Key).ToList();
        reset.ForEach(r => connections.Remove(r));
        reset.ForEach(r => r.Reset());
    }

    internal void Closes()
    {
        if (Open is { } open)
        {
            Closes(open.Node);
        }
    }

    internal void Connect(ILabConnection connection) => connections[connection] = Open!.Value.Node;

    internal void Disconnect(ILabConnection connection) => connections.Remove(connection);
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
        void Fails(string why, SiteLinkFault fault) => down.Carry(() => node.Post(() => answer.TrySetException(new SiteLinkException(why) { Fault = fault })));
        up.Carry(() =>
        {
            if (door.Open is { Door: IHandBackDoor at } desk)
            {
                desk.Node.Post(() => _ = TakeBackAsync(at, back, receipt => down.Carry(() => node.Post(() => answer.TrySetResult(receipt))), Fails));
            }
            else
            {
                Fails("connection refused", SiteLinkFault.Unreachable);
            }
        });
        return await EndAsync(answer, node, cancel);
    }

    private static async Task TakeBackAsync(IHandBackDoor at, HandBack back, Action<HandBackReceipt> receipt, Action<string, SiteLinkFault> fails)
    {
        try
        {
            receipt(await at.TakeBackAsync(back, CancellationToken.None));
        }
        catch (NodeKilledException)
        {
            // Nobody answers any more.
        }
        catch (SiteLinkException error)
        {
            // By way of a peer.
            fails(error.Message, error.Fault);
        }
        catch (Exception error)
        {
            fails($"the desk answered 500: {error.Message}", SiteLinkFault.Failed);
        }
    }

    private async IAsyncEnumerable<SiteOrder> OrdersAsync(LabNode node, [EnumeratorCancellation] CancellationToken cancel)
    {
        var stream = Channel.CreateUnbounded<SiteOrder>(new UnboundedChannelOptions { SingleReader = true });
        var hungUp = new CancellationTokenSource();
        streams.Add(hungUp);
        using var silence = new LabSilence(node, down, () => stream.Writer.TryComplete(new SiteLinkException(Silent)));
        up.Carry(() => Open(node, stream.Writer, silence, hungUp.Token));
        try
        {
            while (await stream.Reader.WaitToReadAsync(cancel))
            {
                silence.Ends();
                while (stream.Reader.TryRead(out var order))
                {
                    ordered(order);
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

    private void Open(LabNode node, ChannelWriter<SiteOrder> orders, LabSilence silence, CancellationToken hungUp)
    {
        var stream = new LabStream(this, node, orders);
        if (door.Open is not { } desk)
        {
            stream.Fails("connection refused");
            return;
        }

        door.Connect(stream);
        desk.Node.Post(() =>
        {
            silence.Opened(desk.Node);
            _ = GiveAsync(desk.Door, stream, hungUp);
        });
    }

    private async Task GiveAsync(IResultDoor at, LabStream stream, CancellationToken hungUp)
    {
        try
        {
            await foreach (var order in at.OrdersAsync(site, hungUp))
            {
                stream.Give(order);
            }

            stream.Fails("the desk ended the stream");
        }
        catch (OperationCanceledException) when (hungUp.IsCancellationRequested)
        {
        }
        catch (NodeKilledException)
        {
            // Its connections are reset.
        }
        catch (Exception error)
        {
            stream.Fails(error is SiteLinkException ? error.Message : $"the desk answered 500: {error.Message}");
        }
        finally
        {
            door.Disconnect(stream);
        }
    }

    /// <summary>A stream of orders, from the desk to the site's process. Nothing overtakes on a way, so what arrives is what was given first.</summary>
    private sealed class LabStream(LabLink link, LabNode node, ChannelWriter<SiteOrder> orders) : ILabConnection
    {
        private readonly Queue<SiteOrder> given = new();
        private readonly Queue<SiteOrder> arrived = new();

        public void Reset() => Fails("connection reset");

        internal void Give(SiteOrder order)
        {
            given.Enqueue(order);
            link.Down.Carry(static stream => ((LabStream)stream!).Arrive(), this);
        }

        internal void Fails(string why) => link.Down.Carry(() => node.Post(() => orders.TryComplete(new SiteLinkException(why))));

        private void Arrive()
        {
            arrived.Enqueue(given.Dequeue());
            node.Post(static stream => ((LabStream)stream!).Take(), this);
        }

        private void Take() => orders.TryWrite(arrived.Dequeue());
    }

    /// <summary>A post that is under way, from the site's side and, once it has arrived, from the desk's.</summary>
    private sealed class LabCall : ILabConnection
    {
        private readonly LabLink link;
        private readonly LabNode node;
        private readonly Action<LabCall> over;
        private readonly ITimer limit;
        private ResultBatch? batch;
        private TaskCompletionSource<BatchReceipt> answer = new();
        private CancellationTokenRegistration cancelled;
        private IResultDoor? at;
        private BatchReceipt? receipt;
        private TimeSpan sent;

        /// <param name="link">Whose.</param>
        /// <param name="node">Who posts.</param>
        /// <param name="over">Told when its receipt has come: nothing of it is on the way any more, and it may post again.</param>
        internal LabCall(LabLink link, LabNode node, Action<LabCall> over)
        {
            (this.link, this.node, this.over) = (link, node, over);
            limit = node.Clock.CreateTimer(static call => ((LabCall)call!).End(null, Silent), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        private static readonly SendOrPostCallback Ends = static call => ((LabCall)call!).Come();
        private static readonly Action<object?> Receipts = static call => ((LabCall)call!).node.Post(Ends, call);
        private static readonly Action<object?> Arrives = static call => ((LabCall)call!).Arrive();
        private static readonly SendOrPostCallback Takes = static call => ((LabCall)call!).Take();

        internal Task<BatchReceipt> PostAsync(ResultBatch posted, CancellationToken cancel)
        {
            (batch, answer, at, receipt) = (posted, new TaskCompletionSource<BatchReceipt>(), null, null);
            sent = link.Up.Now;
            limit.Change(AnswerLimit, Timeout.InfiniteTimeSpan);
            cancelled = cancel.UnsafeRegister(static (call, token) => ((LabCall)call!).answer.TrySetCanceled(token), this);
            link.Up.Carry(Arrives, this);
            return answer.Task;
        }

        private void Come()
        {
            End(receipt, "");
            over(this);
        }

        private void Arrive()
        {
            // Whoever sent it has hung up; or has died, and the door takes no signature that old.
            if (answer.Task.IsCompleted || link.Up.Now - sent > SiteGate.Window)
            {
                return;
            }

            if (link.Door.Open is not { } desk)
            {
                Fails("connection refused");
                return;
            }

            at = desk.Door;
            link.Door.Connect(this);
            desk.Node.Post(Takes, this);
        }

        private void Take()
        {
            try
            {
                var taken = at!.AcceptAsync(batch!, CancellationToken.None);
                if (!taken.IsCompleted)
                {
                    // By way of a peer it takes its time.
                    _ = LaterAsync(taken);
                    return;
                }

                if (taken.IsCompletedSuccessfully)
                {
                    receipt = taken.Result;
                    link.Door.Disconnect(this);
                    link.Down.Carry(Receipts, this);
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
                link.Door.Disconnect(this);
                Fails($"the desk answered 500: {error.Message}");
            }
        }

        private async Task LaterAsync(Task<BatchReceipt> taken)
        {
            try
            {
                receipt = await taken;
                link.Down.Carry(Receipts, this);
            }
            catch (SiteLinkException error)
            {
                Fails(error.Message);
            }

            link.Door.Disconnect(this);
        }

        public void Reset() => Fails("connection reset");

        private void Fails(string why) => link.Down.Carry(() => node.Post(() => End(null, why)));

        private void End(BatchReceipt? came, string why)
        {
            limit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            cancelled.Dispose();
            if (came is not null)
            {
                answer.TrySetResult(came);
            }
            else
            {
                answer.TrySetException(new SiteLinkException(why));
            }
        }
    }

    private sealed class End(LabLink link, LabNode node) : IHandBackLink
    {
        private LabCall? spare;

        public Task<HandBackReceipt> HandBackAsync(HandBack back, CancellationToken cancel) => link.HandBackAsync(node, back, cancel);

        public Task<BatchReceipt> PostAsync(ResultBatch batch, CancellationToken cancel)
        {
            var call = spare ?? new LabCall(link, node, over => spare = over);
            spare = null;
            return call.PostAsync(batch, cancel);
        }

        public IAsyncEnumerable<SiteOrder> OrdersAsync(CancellationToken cancel) => link.OrdersAsync(node, cancel);
    }
}
