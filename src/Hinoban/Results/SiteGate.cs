using System.Globalization;
using System.Security.Cryptography;
using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>Why a site's request was not let in; the wire says it as <c>code</c>.</summary>
internal enum GateRefusal
{
    /// <summary>Headers are missing or malformed.</summary>
    Unsigned,

    /// <summary>No such site, no such key, or revoked.</summary>
    UnknownKey,

    /// <summary>The request's time is too far from the desk's: the site learns the desk's time from the answer and signs again.</summary>
    Clock,

    /// <summary>The signature does not fit the request.</summary>
    BadSignature,

    /// <summary>The same request was here before.</summary>
    Replayed,
}

/// <summary>
/// The desk's door keeper: is the request from the site it names, and new? Safe for concurrent use. Nonces are remembered in memory; a
/// request stamped before this process began is refused like an old one, so forgetting them in a restart opens nothing.
/// </summary>
internal sealed class SiteGate
{
    /// <summary>How far a request's time may be from the desk's.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    // Longer than the window on both sides, so that a step of the desk's clock does not bring an old request back into it.
    private static readonly TimeSpan Remember = TimeSpan.FromMinutes(10);

    private readonly Func<SiteName, string, ECDsa?> keys;
    private readonly TimeProvider clock;
    private readonly TimeSpan started;
    private readonly Lock gate = new();
    private readonly HashSet<(SiteName, string)> seen = [];
    private readonly Queue<((SiteName, string) Nonce, TimeSpan At)> order = new();

    internal SiteGate(SiteKeyStore keys, TimeProvider clock)
        : this(keys.Find, clock)
    {
    }

    // The end of the calendar: what lies after it is no time.
    private static readonly long LastMicros = SqlTypes.ToMicros(DateTimeOffset.MaxValue);

    /// <param name="keys">The key of a site by its id; null if it is not registered.</param>
    /// <param name="clock">The door's own clock.</param>
    internal SiteGate(Func<SiteName, string, ECDsa?> keys, TimeProvider clock)
    {
        (this.keys, this.clock) = (keys, clock);
        started = Moment.MonoOf(clock);
    }

    /// <summary>What can be told before the body is read. Null: go on.</summary>
    internal GateRefusal? Precheck(SiteClaim? claim)
    {
        if (claim is null)
        {
            return GateRefusal.Unsigned;
        }

        if (keys(claim.Site, claim.Key) is null)
        {
            return GateRefusal.UnknownKey;
        }

        var now = Moment.Of(clock);
        var age = TimeSpan.FromMicroseconds((double)SqlTypes.ToMicros(now.Utc) - claim.TimeMicros);
        var oldest = now.Mono - started < Window ? now.Mono - started : Window;
        return age > oldest || age < -Window ? GateRefusal.Clock : null;
    }

    /// <summary>The whole check. Null: let in, once.</summary>
    internal GateRefusal? Check(SiteClaim? claim, string method, string path, ReadOnlySpan<byte> body)
    {
        if (Precheck(claim) is { } refusal)
        {
            return refusal;
        }

        return keys(claim!.Site, claim.Key) is { } key && SiteSignature.Verify(key, claim, method, path, body)
            ? IsNew(claim) ? null : GateRefusal.Replayed
            : GateRefusal.BadSignature;
    }

    /// <summary>Reads a claim from header values; null unless all are there and plausible.</summary>
    internal static SiteClaim? Claim(Func<string, string?> header) =>
        header(SiteSignature.SiteHeader) is { } site && SiteKeyFile.IsSiteName(site)
        && header(SiteSignature.KeyHeader) is { Length: 16 } key
        && long.TryParse(header(SiteSignature.TimeHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time <= LastMicros
        && header(SiteSignature.NonceHeader) is { Length: >= 16 and <= 64 } nonce
        && header(SiteSignature.SignatureHeader) is { Length: > 0 and <= 128 } signature
            ? new SiteClaim(new SiteName(site), key, time, nonce, signature)
            : null;

    private bool IsNew(SiteClaim claim)
    {
        var now = Moment.MonoOf(clock);
        lock (gate)
        {
            while (order.TryPeek(out var oldest) && now - oldest.At > Remember)
            {
                seen.Remove(order.Dequeue().Nonce);
            }

            var nonce = (claim.Site, claim.Nonce);
            if (!seen.Add(nonce))
            {
                return false;
            }

            order.Enqueue((nonce, now));
            return true;
        }
    }
}
