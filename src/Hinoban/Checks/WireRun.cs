using System.Net.Sockets;
using System.Security.Authentication;

namespace Hinoban.Checks;

/// <summary>Runs a talk to its end: whatever the target does becomes an outcome; only the caller's own cancellation is thrown.</summary>
internal static class WireRun
{
    /// <summary><paramref name="talk"/> opens what it needs itself and notes in <paramref name="sight"/> how far it has come.</summary>
    internal static async Task<WireOutcome> RunAsync(WireSight sight, LookLimit limit, Func<Task<WireOutcome>> talk)
    {
        var outcome = await EndAsync(sight, limit, talk);
        sight.Total = sight.Total == TimeSpan.Zero ? limit.Elapsed : sight.Total;
        return outcome;
    }

    /// <summary>The socket's error behind an exception; null: it was something else.</summary>
    internal static SocketError? ErrorOf(Exception fault) => fault switch
    {
        SocketException socket => socket.SocketErrorCode,
        IOException { InnerException: SocketException inner } => inner.SocketErrorCode,
        _ => null,
    };

    private static async Task<WireOutcome> EndAsync(WireSight sight, LookLimit limit, Func<Task<WireOutcome>> talk)
    {
        try
        {
            return await talk();
        }
        catch (OperationCanceledException) when (limit.TimedOut)
        {
            return new WireOutcome(WireFate.TimedOut);
        }
        catch (Exception fault) when (ErrorOf(fault) is { } error)
        {
            return sight.Securing ? new WireOutcome(WireFate.TlsCut, LookFailures.Words(error)) : new WireOutcome(WireFate.Cut, Error: error);
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException)
        {
            return sight.Securing ? new WireOutcome(WireFate.TlsCut, (fault.InnerException ?? fault).Message) : new WireOutcome(WireFate.Closed);
        }
    }
}
