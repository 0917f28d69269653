using Hinoban.Basics;
using Hinoban.Notifying;
using Hinoban.Notifying.Inbound;
using Hinoban.People;
using Hinoban.Results;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>A desk as its process sees it: whom to ask, whom to tell, and the loops to run.</summary>
internal sealed record DeskParts(
    Db Db,
    Accounts Accounts,
    IDeskQueries Queries,
    IDeskCommands Commands,
    IDeskChanges Changes,
    IResultDoor Door,
    SiteKeyStore Keys,
    IReadOnlyList<Runner> Runners)
{
    /// <summary>Null while the engine is well; otherwise what ails it.</summary>
    internal Func<Moment, string?> Ailment { get; init; } = _ => null;

    /// <summary>Reads the specifications anew (SIGHUP).</summary>
    internal Action Reload { get; init; } = () => { };

    /// <summary>How the way out to the relay stands; null where there is none.</summary>
    internal Func<OutboxTrouble>? MailTrouble { get; init; }

    /// <summary>How sending samples on stands; null where nobody gets them.</summary>
    internal Func<RemoteWriteView>? RemoteWrite { get; init; }

    /// <summary>Where mail comes in; null where none does.</summary>
    internal IInboundDoor? Inbound { get; init; }
}

/// <summary>A loop of the engine. It runs until cancelled; if it ends otherwise the process ends, for the service manager to start it anew.</summary>
internal sealed record Runner(string Name, Func<CancellationToken, Task> RunAsync)
{
    /// <summary>Told of a stop at once, not after the web server has drained: what it ends is what requests wait for.</summary>
    internal bool First { get; init; }
}
