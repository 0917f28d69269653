using System.Net.Sockets;

namespace Hinoban.Checks;

/// <summary>How a talk over a wire ended.</summary>
internal enum WireFate : byte
{
    /// <summary>As it should: the service greeted, what was expected came.</summary>
    Done,

    /// <summary>The target itself says no, in its own protocol.</summary>
    Denied,

    /// <summary>The target speaks, but not what it should.</summary>
    Garbage,

    /// <summary>The certificate does not verify.</summary>
    Untrusted,

    /// <summary>Nothing more came within the time-out.</summary>
    TimedOut,

    /// <summary>The connection did not come about, or broke.</summary>
    Cut,

    /// <summary>The TLS handshake broke.</summary>
    TlsCut,

    /// <summary>The target closed in order before it had said what it should.</summary>
    Closed,
}

/// <summary>The end of a talk, with what the target said or what broke.</summary>
internal sealed record WireOutcome(WireFate Fate, string Words = "", SocketError Error = SocketError.Success)
{
    internal static WireOutcome Done { get; } = new(WireFate.Done);
}

/// <summary>How far a look over a wire has come.</summary>
internal sealed class WireSight : LookSight
{
    /// <summary>Bytes of the application that have come.</summary>
    internal long Bytes { get; set; }

    /// <summary>A handshake is under way.</summary>
    internal bool Securing { get; set; }

    /// <summary>The target's first line, or what it said of itself: untrusted.</summary>
    internal string Banner { get; set; } = "";

    /// <summary>What is waited for, for texts: "name not resolved", "no greeting".</summary>
    internal string Stage { get; set; } = "";
}
