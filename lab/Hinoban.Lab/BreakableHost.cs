using System.Net;
using System.Net.Sockets;

namespace Hinoban.Lab;

/// <summary>What a breakable host does with a connection.</summary>
internal enum HostMood
{
    /// <summary>Takes it, says what it has to say at once (may be nothing) and holds it open.</summary>
    Accepts,

    /// <summary>No listener: the kernel refuses.</summary>
    Refuses,

    /// <summary>The listen queue is full: connection requests get no answer at all, as from a black hole.</summary>
    Hangs,

    /// <summary>Takes it and resets it as soon as it hears something.</summary>
    Resets,

    /// <summary>Takes it and closes it in order, without a byte.</summary>
    Closes,

    /// <summary>Reads the request, answers with the words and closes.</summary>
    Answers,

    /// <summary>Reads the request, answers with the words, then neither speaks nor closes.</summary>
    Stalls,
}

/// <summary>A TCP service on loopback that can be broken in every way while it keeps its port.</summary>
internal sealed class BreakableHost : IDisposable
{
    private readonly List<Socket> held = [];
    private readonly Lock gate = new();
    private Socket? listener;
    private HostMood mood;
    private byte[] words = [];

    internal BreakableHost(HostMood mood = HostMood.Accepts, string words = "", IPAddress? address = null)
    {
        Address = address ?? IPAddress.Loopback;
        using (var probe = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp))
        {
            probe.Bind(new IPEndPoint(Address, 0));
            Port = ((IPEndPoint)probe.LocalEndPoint!).Port;
        }

        Become(mood, words);
    }

    internal IPAddress Address { get; }

    internal int Port { get; }

    /// <summary>Connections taken so far.</summary>
    internal int Accepted { get; private set; }

    /// <summary>What the last connection sent, for moods that read.</summary>
    internal string Heard { get; private set; } = "";

    internal void Become(HostMood next, string says = "") => Become(next, System.Text.Encoding.UTF8.GetBytes(says));

    internal void Become(HostMood next, byte[] says)
    {
        lock (gate)
        {
            Drop();
            (mood, words) = (next, says);
            if (next == HostMood.Refuses)
            {
                return;
            }

            listener = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            listener.Bind(new IPEndPoint(Address, Port));
            listener.Listen(next == HostMood.Hangs ? 0 : 1024);
            if (next == HostMood.Hangs)
            {
                Fill();
            }
            else
            {
                _ = AcceptAsync(listener);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            Drop();
        }
    }

    // A queue of length 0 takes one; from then on the kernel drops every request.
    private void Fill()
    {
        for (var i = 0; i < 3; i++)
        {
            var filler = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            held.Add(filler);
            try
            {
                filler.Connect(new IPEndPoint(Address, Port));
            }
            catch (SocketException)
            {
                // In progress: that is the point.
            }
        }
    }

    private async Task AcceptAsync(Socket from)
    {
        try
        {
            while (true)
            {
                var connection = await from.AcceptAsync();
                lock (gate)
                {
                    Accepted++;
                    held.Add(connection);
                }

                _ = TreatAsync(connection);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // Another mood.
        }
    }

    private async Task TreatAsync(Socket connection)
    {
        try
        {
            switch (mood)
            {
                case HostMood.Resets:
                    await connection.ReceiveAsync(new byte[1]);
                    connection.LingerState = new LingerOption(true, 0);
                    connection.Dispose();
                    break;
                case HostMood.Closes:
                    connection.Dispose();
                    break;
                case HostMood.Accepts:
                    await connection.SendAsync(words);
                    break;
                default:
                    await SpeakAsync(connection);
                    break;
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The other end went first.
        }
    }

    private async Task SpeakAsync(Socket connection)
    {
        var buffer = new byte[4096];
        var read = await connection.ReceiveAsync(buffer);
        Heard = System.Text.Encoding.UTF8.GetString(buffer, 0, read);
        await connection.SendAsync(words);
        if (mood == HostMood.Answers)
        {
            connection.Shutdown(SocketShutdown.Send);
        }
    }

    private void Drop()
    {
        listener?.Dispose();
        listener = null;
        held.ForEach(s => s.Dispose());
        held.Clear();
    }
}
