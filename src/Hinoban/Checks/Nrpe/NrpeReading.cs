namespace Hinoban.Checks.Nrpe;

/// <summary>What the bytes received so far are.</summary>
internal enum NrpeState
{
    /// <summary>They begin with a whole packet.</summary>
    Whole,

    /// <summary>They may become a packet: more are needed.</summary>
    Wanting,

    /// <summary>No more bytes will make them a packet.</summary>
    Broken,
}

/// <summary>What was read: a packet and the bytes it took, or how many bytes are needed at least, or what is wrong with them.</summary>
/// <param name="State">Which of the three it is.</param>
/// <param name="Packet">The packet, if it is whole.</param>
/// <param name="Used">Bytes that the packet took; what follows them belongs to the next one.</param>
/// <param name="Needs">Bytes needed from the packet's beginning before another try can say more.</param>
/// <param name="Why">What is wrong, for a log or a person; it quotes no received text.</param>
internal readonly record struct NrpeReading(NrpeState State, NrpePacket? Packet, int Used, int Needs, string Why)
{
    internal static NrpeReading Whole(NrpePacket packet, int used) => new(NrpeState.Whole, packet, used, used, "");

    internal static NrpeReading Wanting(int needs) => new(NrpeState.Wanting, null, 0, needs, "");

    internal static NrpeReading Broken(string why) => new(NrpeState.Broken, null, 0, 0, why);
}
