using System.Collections.Concurrent;

namespace Hinoban.Notifying;

/// <summary>Open lines to the relay between two envelopes.</summary>
internal sealed class LinePool(IMailSubmitter submitter) : IAsyncDisposable
{
    private readonly ConcurrentBag<IMailLine> idle = [];

    /// <summary>An idle line (<c>Reused</c>), or a new one.</summary>
    internal async Task<(MailOpening Opening, bool Reused)> TakeAsync(CancellationToken cancel)
    {
        while (idle.TryTake(out var line))
        {
            if (line.Usable)
            {
                return (new MailOpening(line, null), true);
            }

            await line.DisposeAsync();
        }

        return (await submitter.OpenAsync(cancel), false);
    }

    /// <summary>A new one, whatever lies idle: an old line tells nothing of a relay that is away.</summary>
    internal Task<MailOpening> OpenAsync(CancellationToken cancel) => submitter.OpenAsync(cancel);

    internal async ValueTask GiveBackAsync(IMailLine line)
    {
        if (line.Usable)
        {
            idle.Add(line);
        }
        else
        {
            await line.DisposeAsync();
        }
    }

    internal async Task CloseIdleAsync()
    {
        while (idle.TryTake(out var line))
        {
            await line.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await CloseIdleAsync();
}
