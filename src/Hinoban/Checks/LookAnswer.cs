namespace Hinoban.Checks;

/// <summary>Who spoke: the target itself, or only the network.</summary>
internal enum Reply : byte
{
    /// <summary>A value, banner or status from the application: evidence about the target, which a path cannot fake.</summary>
    Answer,

    /// <summary>No application byte: evidence about the target or the path; needs the other site.</summary>
    Transport,
}

/// <summary>Why there is no value (取得不能).</summary>
internal enum NoValue : byte
{
    /// <summary>There is a value.</summary>
    None,

    /// <summary>No answer within the item's time-out.</summary>
    TimedOut,

    /// <summary>Connection refused, or reset before any application byte.</summary>
    Refused,

    /// <summary>No route, host unreachable, prohibited.</summary>
    Unreachable,

    /// <summary>The name did not resolve.</summary>
    NameUnresolved,

    /// <summary>The TLS handshake was cut.</summary>
    TlsCut,

    /// <summary>The target answered, but not in its protocol.</summary>
    Garbage,

    /// <summary>The plugin ended by a signal or with an exit code outside 0–3.</summary>
    PluginFailed,

    /// <summary>The plugin is not in any plugin folder, or may not be run.</summary>
    PluginMissing,

    /// <summary>Our own engine could not look (no permission for ICMP, out of sockets): never evidence about the target.</summary>
    EngineFault,

    /// <summary>Of a passive item: no result came within its freshness. Never part of a result.</summary>
    NotPosted,
}

/// <summary>
/// What a look found. <see cref="Output"/> is the first line as the plugin printed it, <see cref="LongOutput"/> the rest,
/// <see cref="Perfdata"/> the text behind the bars (Nagios Plugin API); all untrusted.
/// </summary>
internal sealed record LookAnswer(
    CheckStatus Status,
    Reply Reply,
    NoValue NoValue,
    string Output,
    string LongOutput = "",
    string Perfdata = "")
{
    /// <summary>Of a log that was read: what was found since the site's last reading; null of anything else.</summary>
    internal LogReading? Log { get; init; }
}
