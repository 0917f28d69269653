namespace Hinoban.Notifying.Inbound;

/// <summary>How much of a stranger's message is looked at. What lies beyond is kept, and left unread.</summary>
internal static class MimeLimits
{
    /// <summary>Messages in messages in multiparts.</summary>
    internal const int Depth = 16;

    /// <summary>Parts of one message, all levels together.</summary>
    internal const int Parts = 200;

    /// <summary>Fields of one header.</summary>
    internal const int Fields = 500;

    /// <summary>Octets of one header.</summary>
    internal const int HeaderSize = 256 * 1024;

    /// <summary>Characters of a header value that is decoded for people.</summary>
    internal const int Value = 8 * 1024;

    /// <summary>Octets of a text that is decoded for people.</summary>
    internal const int Text = 512 * 1024;

    /// <summary>Addresses, message ids and parameters of one field.</summary>
    internal const int Items = 100;
}
