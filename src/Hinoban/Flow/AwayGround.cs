using Hinoban.Notifying;
using Hinoban.Results;
using Hinoban.Specs;
using Hinoban.Storage;

namespace Hinoban.Flow;

/// <summary>What a site stands on when the desk is away.</summary>
/// <param name="Db">Its own small desk database (schema of the desk).</param>
/// <param name="Mail">How mail goes out from here; null: this site never speaks.</param>
/// <param name="Relay">The way to that relay.</param>
/// <param name="Pin">The certificate it shows to its peers, SHA-256; empty: it does not listen.</param>
/// <param name="Dial">The link to a peer.</param>
internal sealed record AwayGround(Db Db, MailOptions? Mail, IMailSubmitter? Relay, string Pin, Func<PeerPlan, IPeerLink> Dial)
{
    /// <summary>The way to the second relay; null where there is none.</summary>
    internal IMailSubmitter? SecondRelay { get; init; }

    /// <summary>Gets the door for peers once there is one.</summary>
    internal Action<IPeerDoor> Opens { get; init; } = _ => { };
}
