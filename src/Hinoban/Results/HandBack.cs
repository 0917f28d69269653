using System.Text.Json;
using Hinoban.Basics;

namespace Hinoban.Results;

/// <summary>
/// The first thing a site says to a desk it has found again, before any result: which certificate its peers see, how the episodes stand as far as it
/// knows, and what it did itself while the desk was away. Repeated it changes nothing.
/// </summary>
internal sealed record HandBack(SiteName Site, string Pin, IReadOnlyList<EpisodeNote> Notes, IReadOnlyList<HandedEpisode> Episodes)
{
    /// <summary>Another page of the same follows: the site has not said all yet.</summary>
    public bool More { get; init; }
}

/// <summary>An episode's events as the site wrote them, from the <see cref="From"/>-th on (0-based).</summary>
internal sealed record HandedEpisode(ItemId Item, int Episode, int From, IReadOnlyList<string> Events);

/// <summary>How many events of each episode the desk has for good.</summary>
internal sealed record HandBackReceipt(IReadOnlyList<HandedUpTo> Taken)
{
    /// <summary>This desk sends what a site decided and could not send: the site may hand over what still waits.</summary>
    public bool Sends { get; init; }
}

/// <inheritdoc cref="HandBackReceipt"/>
internal sealed record HandedUpTo(ItemId Item, int Episode, int Events);

/// <summary>A door that takes back what a site did while the desk was away.</summary>
internal interface IHandBackDoor : IResultDoor
{
    Task<HandBackReceipt> TakeBackAsync(HandBack back, CancellationToken cancel);
}

/// <summary>A link over which that can be said. Throws <see cref="SiteLinkException"/> like the rest of it.</summary>
internal interface IHandBackLink : ISiteLink
{
    Task<HandBackReceipt> HandBackAsync(HandBack back, CancellationToken cancel);
}

/// <summary>What a site tells its peers of itself every 5 s; the answer is the peer's own word.</summary>
/// <param name="Site">Who says it.</param>
/// <param name="DeskAge">How long ago the desk answered it directly.</param>
/// <param name="Isolated">Its anchors do not answer: nothing it cannot reach says anything.</param>
/// <param name="MaySpeak">It has a relay and somewhere to keep its outbox.</param>
/// <param name="Notes">Episodes, as it knows them: a page of those that the other has not had.</param>
internal sealed record PeerWord(SiteName Site, TimeSpan DeskAge, bool Isolated, bool MaySpeak, IReadOnlyList<EpisodeNote> Notes)
{
    /// <summary>The number of the page that this word is, where it is an answer; 0 otherwise.</summary>
    public long Page { get; init; }

    /// <summary>The number of the last answer that has come; 0 before one has.</summary>
    public long Seen { get; init; }
}

/// <summary>A site's link to one of its peers.</summary>
internal interface IPeerLink : IDisposable
{
    /// <summary>Tells the peer how this site stands and hears how the peer does; throws <see cref="SiteLinkException"/> when it does not answer.</summary>
    Task<PeerWord> HearAsync(PeerWord mine, CancellationToken cancel);

    /// <summary>To the desk, by way of the peer: what is posted stays signed by this site.</summary>
    IHandBackLink Relay { get; }

    /// <summary>To the peer itself, where it judges for a desk that is away.</summary>
    ISiteLink Jury { get; }
}

/// <summary>What a site does for its peers.</summary>
internal interface IPeerDoor
{
    PeerWord Hear(PeerWord theirs);

    /// <summary>Where peers' results come in while this site judges for the desk; null while it does not.</summary>
    IResultDoor? Jury { get; }

    /// <summary>A registered public key of a peer that the request may be signed with; null if there is none.</summary>
    PeerPlanKey? KeyOf(SiteName site, string keyId);
}

/// <summary>A peer's key as the desk has shipped it.</summary>
internal sealed record PeerPlanKey(byte[] Spki);

/// <summary>The words between peers as bytes.</summary>
internal static class AwayCodec
{
    /// <summary>What is longer goes in pages of this: far below any limit on the way, and short under the other side's gate.</summary>
    internal const int PageBytes = 256 * 1024;

    /// <summary>Words in pages, in order; at least one page, which may be empty. A word that is longer than a page is one by itself.</summary>
    internal static IEnumerable<IReadOnlyList<T>> Pages<T>(IEnumerable<T> words)
    {
        var (page, bytes, any) = (new List<T>(), 0, false);
        foreach (var word in words)
        {
            var length = Write(word).Length;
            if (page.Count > 0 && bytes + length > PageBytes)
            {
                yield return page;
                (page, bytes, any) = ([], 0, true);
            }

            page.Add(word);
            bytes += length;
        }

        if (page.Count > 0 || !any)
        {
            yield return page;
        }
    }

    internal static byte[] Write<T>(T word) => JsonSerializer.SerializeToUtf8Bytes(word, OrderCodec.Json);

    /// <summary>Throws <see cref="InvalidDataException"/> on what is none.</summary>
    internal static T Read<T>(ReadOnlySpan<byte> body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, OrderCodec.Json) is { } word && IsWhole(word) ? word : throw new InvalidDataException($"An empty {typeof(T).Name}, or one with something left out.");
        }
        catch (Exception garbage) when (garbage is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"Not a {typeof(T).Name}.", garbage);
        }
    }

    // The framework takes what is left out for null, also where a type says that it is never null.
    private static bool IsWhole(object word) => word switch
    {
        HandBack back => back is { Pin: not null, Notes: { } notes, Episodes: { } episodes }
            && notes.All(n => n is not null && n.IsWhole) && episodes.All(e => e is { Events: { } events } && events.All(t => t is not null)),
        PeerWord peer => peer.Notes is { } notes && notes.All(n => n is not null && n.IsWhole),
        _ => true,
    };
}
