using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Hinoban.Basics;
using Hinoban.People;

namespace Hinoban.Flow;

/// <summary>Tells watching pages what changed. A reader that is slow gets each name once, not once per change.</summary>
internal sealed class DeskChanges : IDeskChanges
{
    private readonly Lock gate = new();
    private readonly List<Watcher> watchers = [];

    /// <summary>Announces a change of one customer's data; null when it concerns no single customer (sites).</summary>
    internal void Announce(string what, CustomerId? customer)
    {
        lock (gate)
        {
            foreach (var watcher in watchers)
            {
                if (customer is null || watcher.Scope.Covers(customer.Value))
                {
                    watcher.Add(what);
                }
            }
        }
    }

    public IAsyncEnumerable<string> WatchAsync(Scope scope, CancellationToken cancel) => WatchAsync(scope, static _ => true, cancel);

    /// <summary>Only of what is asked for: a site beats every few seconds, and not everybody shows that.</summary>
    internal async IAsyncEnumerable<string> WatchAsync(Scope scope, Func<string, bool> shows, [EnumeratorCancellation] CancellationToken cancel)
    {
        var watcher = new Watcher(scope, shows);
        lock (gate)
        {
            watchers.Add(watcher);
        }

        try
        {
            while (await watcher.Wake.Reader.WaitToReadAsync(cancel))
            {
                watcher.Wake.Reader.TryRead(out _);
                foreach (var what in watcher.Take())
                {
                    yield return what;
                }
            }
        }
        finally
        {
            lock (gate)
            {
                watchers.Remove(watcher);
            }
        }
    }

    private sealed class Watcher(Scope scope, Func<string, bool> shows)
    {
        private readonly Lock gate = new();
        private readonly HashSet<string> waiting = [];

        internal Scope Scope { get; } = scope;

        internal Channel<bool> Wake { get; } = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        internal void Add(string what)
        {
            if (!shows(what))
            {
                return;
            }

            lock (gate)
            {
                waiting.Add(what);
            }

            Wake.Writer.TryWrite(true);
        }

        internal string[] Take()
        {
            lock (gate)
            {
                var all = waiting.ToArray();
                waiting.Clear();
                return all;
            }
        }
    }
}
