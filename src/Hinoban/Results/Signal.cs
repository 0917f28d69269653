using System.Threading.Channels;

namespace Hinoban.Results;

/// <summary>Wakes one waiting loop; being set twice before it looks counts once.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal void Set() => channel.Writer.TryWrite(true);

    /// <summary>No more; a waiting loop sees false once it has taken what was set.</summary>
    internal void Close() => channel.Writer.TryComplete();

    /// <summary>True when set; false when closed.</summary>
    internal async Task<bool> WaitAsync()
    {
        if (!await channel.Reader.WaitToReadAsync())
        {
            return false;
        }

        channel.Reader.TryRead(out _);
        return true;
    }
}
