using System.Globalization;
using System.Net.Sockets;

namespace Hinoban.Checks;

/// <summary>What errors on the wire mean: evidence of a look that brought no value.</summary>
internal static class LookFailures
{
    private const int PermissionDenied = 13;

    /// <summary>The network kept the application from speaking: CRITICAL, to be confirmed by another site.</summary>
    internal static LookAnswer Transport(string prefix, NoValue why, string text, string perfdata = "") =>
        new(CheckStatus.Critical, Reply.Transport, why, $"{prefix}CRITICAL - {text}", Perfdata: perfdata);

    /// <summary>Where it was looked at; an IPv6 address in brackets, or its port could not be told from it.</summary>
    internal static string Place(string address, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{port}");

    /// <summary>We could not look: UNKNOWN, evidence of nothing.</summary>
    internal static LookAnswer Engine(string prefix, string text) =>
        new(CheckStatus.Unknown, Reply.Transport, NoValue.EngineFault, $"{prefix}UNKNOWN - {text}");

    /// <summary>The failure behind a socket error that came before any application byte.</summary>
    internal static LookAnswer Of(string prefix, SocketError error, string target) => WhyOf(error) switch
    {
        NoValue.EngineFault => Engine(prefix, $"cannot open a connection to {target}: {Words(error)}"),
        NoValue.NameUnresolved => Transport(prefix, NoValue.NameUnresolved, $"name not resolved: {target}"),
        var why => Transport(prefix, why, $"{Words(error)} ({target})"),
    };

    /// <summary>
    /// Linux says "permission denied" (EACCES) of an IPv6 target whose firewall forbids, where of IPv4 it says "no route to host"; what this machine's own firewall forbids is
    /// "not permitted" (EPERM), and both are one word to the framework.
    /// </summary>
    internal static bool IsForbiddenThere(SocketException fault) => fault is { SocketErrorCode: SocketError.AccessDenied, NativeErrorCode: PermissionDenied };

    internal static NoValue WhyOf(SocketError error) => error switch
    {
        // A firewall can send a reset as well as the target: both are the same evidence.
        SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => NoValue.Refused,
        SocketError.TimedOut => NoValue.TimedOut,
        // Linux says "invalid argument" of a way that this machine's routes end in a black hole.
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown or SocketError.InvalidArgument => NoValue.Unreachable,
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => NoValue.NameUnresolved,
        // Own firewall, no descriptors, no local port, no such address family: faults of this machine.
        _ => NoValue.EngineFault,
    };

    internal static string Words(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "connection reset",
        SocketError.TimedOut => "connection timed out",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.HostDown or SocketError.NetworkDown => "host or network down",
        SocketError.InvalidArgument => "no way there from this machine",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => "name not resolved",
        SocketError.AccessDenied => "not permitted on this machine",
        SocketError.TooManyOpenSockets => "too many open sockets on this machine",
        SocketError.AddressNotAvailable => "no local port or address left on this machine",
        _ => error.ToString(),
    };
}
