namespace Hinoban.Checks.Nrpe;

/// <summary>The versions of NRPE's packet: fixed length; variable length; variable length without the padding of a C structure.</summary>
internal enum NrpeVersion : short
{
    V2 = 2,
    V3 = 3,
    V4 = 4,
}

/// <summary>Which way a packet goes.</summary>
internal enum NrpeKind : short
{
    Query = 1,
    Response = 2,
}

/// <summary>One packet. <see cref="Result"/> is a plugin's exit code in a response and means nothing in a query.</summary>
internal sealed record NrpePacket(NrpeVersion Version, NrpeKind Kind, short Result, string Text);
