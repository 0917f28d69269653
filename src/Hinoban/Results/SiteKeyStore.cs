using System.Security.Cryptography;
using Dapper;
using Hinoban.Basics;
using Hinoban.Storage;

namespace Hinoban.Results;

/// <summary>
/// The public keys that sites may sign with. A site may have several at a time, so that a new one can be carried there before the old
/// one is revoked. Changes made by another process (the command line) are seen within <see cref="SeenWithin"/>.
/// </summary>
internal sealed class SiteKeyStore(Db db, TimeProvider clock)
{
    internal static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private Dictionary<(string Site, string KeyId), ECDsa> known = [];
    private TimeSpan? read;

    /// <summary>
    /// Registers the public half; a key that was revoked stays revoked. A site all of whose keys are revoked begins anew with its cursor: whoever
    /// had the stolen key may have driven it to where the site can never get.
    /// </summary>
    internal void Add(Tx tx, SiteName site, ECDsa key, DateTimeOffset nowUtc)
    {
        tx.Run("delete from sites where site = @p0 and not exists (select 1 from site_keys where site_keys.site = sites.site and revoked_utc is null)", site.Value);
        tx.Connection.Execute(
            "insert into site_keys (site, fingerprint, public_key, added_utc) values (@Site, @Fingerprint, @Key, @nowUtc) on conflict (site, fingerprint) do nothing",
            new
            {
                Site = site.Value,
                Fingerprint = SiteSignature.Fingerprint(key),
                Key = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
                nowUtc,
            }, tx.Transaction);
    }

    /// <summary>Revokes the keys whose fingerprint begins so (all of the site's with an empty one); returns how many that were.</summary>
    internal int Revoke(Tx tx, SiteName site, string fingerprint, DateTimeOffset nowUtc) => All(tx)
        .Where(k => k.Site == site && k.RevokedUtc is null && k.Fingerprint.StartsWith(fingerprint, StringComparison.OrdinalIgnoreCase))
        .Sum(k => tx.Connection.Execute(
            "update site_keys set revoked_utc = @nowUtc where site = @Site and fingerprint = @Fingerprint",
            new { nowUtc, Site = site.Value, k.Fingerprint }, tx.Transaction));

    /// <summary>All keys, revoked ones included.</summary>
    internal IReadOnlyList<SiteKey> All(Tx tx) => tx.Connection.Query<Row>(
        "select site, fingerprint, public_key as PublicKey, added_utc as AddedUtc, revoked_utc as RevokedUtc from site_keys order by site, added_utc", null, tx.Transaction)
        .Select(r => new SiteKey(new SiteName(r.Site), r.Fingerprint, r.PublicKey, SqlTypes.FromMicros(r.AddedUtc), r.RevokedUtc is { } at ? SqlTypes.FromMicros(at) : null))
        .ToList();

    /// <summary>The key a request names, if it is registered and not revoked.</summary>
    internal ECDsa? Find(SiteName site, string keyId)
    {
        lock (gate)
        {
            var now = Moment.MonoOf(clock);
            if (read is not { } at || now - at >= SeenWithin)
            {
                known = db.Read(All).Where(k => k.RevokedUtc is null).ToDictionary(k => (k.Site.Value, SiteSignature.KeyId(k.Fingerprint)), Open);
                read = now;
            }

            return known.GetValueOrDefault((site.Value, keyId));
        }
    }

    private static ECDsa Open(SiteKey key)
    {
        var open = ECDsa.Create();
        open.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key.PublicKey), out _);
        return open;
    }

    private sealed class Row
    {
        internal string Site { get; init; } = "";

        internal string Fingerprint { get; init; } = "";

        internal string PublicKey { get; init; } = "";

        internal long AddedUtc { get; init; }

        internal long? RevokedUtc { get; init; }
    }
}

/// <summary>A registered key; <see cref="Fingerprint"/> is SHA-256 of the public key in hex.</summary>
internal sealed record SiteKey(SiteName Site, string Fingerprint, string PublicKey, DateTimeOffset AddedUtc, DateTimeOffset? RevokedUtc);
