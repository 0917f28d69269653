using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hinoban.Basics;
using Hinoban.Specs;

namespace Hinoban.Results;

/// <summary>
/// What a site needs to reach its desk, in one file that only its owner can read: the name, the private key, and the desk's certificate
/// as a SHA-256 fingerprint (null: the machine's certificate authorities decide).
/// </summary>
internal sealed record SiteKeyFile(SiteName Site, Redacted PrivateKey, string? DeskFingerprint)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = ~(OwnerOnly | UnixFileMode.UserExecute);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>A new P-256 key.</summary>
    internal static SiteKeyFile Make(SiteName site, string? deskFingerprint)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SiteKeyFile(site, new Redacted(key.ExportPkcs8PrivateKeyPem()), deskFingerprint);
    }

    internal ECDsa OpenKey()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(PrivateKey.Reveal());
        return key;
    }

    /// <summary>Writes a file that must not exist yet, mode 0600 from its first byte; throws <see cref="IOException"/> if it does.</summary>
    internal void Save(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, new Content(Site.Value, PrivateKey.Reveal(), DeskFingerprint), Json);
    }

    /// <summary>Throws <see cref="InvalidDataException"/> saying what is wrong with the file, never what is in it; <see cref="IOException"/> if it cannot be read.</summary>
    internal static SiteKeyFile Load(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
        {
            throw new InvalidDataException($"{path} can be read or written by others than its owner; chmod 600 {path}");
        }

        try
        {
            using var file = File.OpenRead(path);
            var content = JsonSerializer.Deserialize<Content>(file, Json) ?? throw new InvalidDataException("empty");
            var fingerprint = content.DeskFingerprint is { } given
                ? NormalFingerprint(given) ?? throw new InvalidDataException("deskFingerprint is not 64 hex digits")
                : null;
            var key = new SiteKeyFile(new SiteName(content.Site ?? ""), new Redacted(content.PrivateKey ?? ""), fingerprint);
            key.OpenKey().Dispose();
            return IsSiteName(key.Site.Value) ? key : throw new InvalidDataException("site is not a site's name");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidDataException or ArgumentException or CryptographicException)
        {
            // An inner exception could quote the file; the reason alone is enough.
            throw new InvalidDataException($"{path} is not a site key file ({(wrong is InvalidDataException ? wrong.Message : wrong.GetType().Name)}); make one with: hinoban site key");
        }
    }

    /// <summary>64 lower-case hex digits from hex with or without colons; null if it is something else.</summary>
    internal static string? NormalFingerprint(string text)
    {
        var hex = text.Trim().Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
        return hex.Length == 64 && hex.All(char.IsAsciiHexDigit) ? hex : null;
    }

    /// <summary>Lower case, digits, hyphens, at most 40: as in specifications.</summary>
    internal static bool IsSiteName(string name) =>
        name != ProviderPlan.Desk.Value && name.Length is > 0 and <= 40 && name[0] != '-' && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private sealed record Content(string? Site, string? PrivateKey, string? DeskFingerprint);
}
